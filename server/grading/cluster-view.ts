import { z } from 'zod';
import type { QuizAnswer, QuizItem } from '../labs/quiz.ts';
import {
  type Config,
  type Container,
  configSchema,
  containerSchema,
  type Image,
  imageSchema,
  messageSchema,
  type Network,
  networkSchema,
  nodeSchema,
  type Secret,
  type Service,
  type Swarm,
  type SwarmNode,
  secretSchema,
  serviceSchema,
  swarmSchema,
  type Task,
  taskSchema,
} from './engine-objects.ts';
import type { EngineAnswer, GradingCluster, GradingNode } from './grading-cluster.ts';
import { type LogLine, readLogStream } from './log-stream.ts';
import { ClusterUnreachable, SwarmUnavailable, Unobservable } from './verdict.ts';

/** What a check may know besides the cluster: the questions of the lab, and what the student answered. */
export interface StudentRecord {
  item(id: string): QuizItem | undefined;
  answer(id: string): QuizAnswer | undefined;
  /** The witness's sequence number on a node when the step began: only later requests count. */
  requestsAfter(node: string): number;
}

/**
 * One look at a cluster: whatever several checks ask for is read once, so they judge the same state. Make a new view for the next look.
 */
export class ClusterView {
  readonly cluster: GradingCluster;
  readonly student: StudentRecord;
  /** Milliseconds since the epoch, of the grading clock. */
  readonly now: number;
  readonly #reads = new Map<string, Promise<unknown>>();

  constructor(cluster: GradingCluster, student: StudentRecord, now: number) {
    this.cluster = cluster;
    this.student = student;
    this.now = now;
  }

  services(): Promise<Service[]> {
    return this.#list('/services', serviceSchema);
  }

  tasks(): Promise<Task[]> {
    return this.#list('/tasks', taskSchema);
  }

  nodes(): Promise<SwarmNode[]> {
    return this.#list('/nodes', nodeSchema);
  }

  networks(): Promise<Network[]> {
    return this.#list('/networks', networkSchema);
  }

  secrets(): Promise<Secret[]> {
    return this.#list('/secrets', secretSchema);
  }

  configs(): Promise<Config[]> {
    return this.#list('/configs', configSchema);
  }

  /** The Swarm's own settings. Like all that a manager is asked, it rejects with SwarmUnavailable where none answers. */
  swarm(): Promise<Swarm> {
    return this.#once('/swarm', async () => swarmSchema.parse((await this.ask('/swarm')).body));
  }

  /** The service with exactly this name. */
  async service(name: string): Promise<Service | undefined> {
    return (await this.services()).find((service) => service.Spec.Name === name);
  }

  /** All tasks of a service, those of its history included. */
  async tasksOf(service: Service): Promise<Task[]> {
    return (await this.tasks()).filter((task) => task.ServiceID === service.ID);
  }

  /** A network as a manager sees it in full (peers, containers), or undefined. */
  network(name: string): Promise<Network | undefined> {
    return this.#once(`network ${name}`, async () => {
      const answer = await this.ask(`/networks/${encodeURIComponent(name)}`);
      return answer.status === 404 ? undefined : networkSchema.parse(answer.body);
    });
  }

  /** All containers of a node, stopped ones too. */
  containers(node: string): Promise<Container[]> {
    return this.#once(`containers ${node}`, async () =>
      z.array(containerSchema).parse(await this.#askNode(node, '/containers/json?all=1')),
    );
  }

  /** The images that a node has. */
  images(node: string): Promise<Image[]> {
    return this.#once(`images ${node}`, async () =>
      z.array(imageSchema).parse(await this.#askNode(node, '/images/json')),
    );
  }

  /** The last lines that a service's tasks wrote, oldest first as the manager gives them. */
  serviceLogs(service: Service, tail: number): Promise<LogLine[]> {
    return this.#once(`logs ${service.ID} ${tail}`, async () => {
      const manager = await this.#manager();
      const query = `stdout=1&stderr=1&details=1&tail=${tail}`;
      const { status, body } = await this.cluster.getBytes(manager, `/services/${service.ID}/logs?${query}`);
      if (status !== 200) throw new Unobservable(`the manager gave no logs of ${service.Spec.Name} (status ${status})`);
      return readLogStream(body);
    });
  }

  /** GET of any path of the Engine API, answered by a manager. */
  async ask(path: string): Promise<EngineAnswer> {
    const manager = await this.#manager();
    return this.#once(`get ${path}`, () => this.cluster.get(manager, path));
  }

  /** The node with this name or host name. */
  node(name: string): GradingNode {
    const found = this.findNode(name);
    if (found === undefined) throw new Unobservable(`this cluster has no node called ${name}`);
    return found;
  }

  /** The same, or undefined when the cluster has none. */
  findNode(name: string): GradingNode | undefined {
    return this.cluster.nodes.find((node) => node.name === name || node.hostname === name);
  }

  /** The short name of the node with a Swarm node ID; `?` when it is gone. */
  async nodeName(id: string): Promise<string> {
    const node = (await this.nodes()).find((candidate) => candidate.ID === id);
    return node === undefined ? '?' : this.shortName(node);
  }

  /** What the lab calls a node of the Swarm: `worker1`, not its host name. */
  shortName(node: SwarmNode): string {
    const hostname = node.Description?.Hostname ?? '';
    return this.findNode(hostname)?.name ?? hostname.split('.')[0] ?? node.ID;
  }

  #list<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.output<Schema>[]> {
    return this.#once(path, async () => {
      const answer = await this.ask(path);
      if (answer.status !== 200) throw new SwarmUnavailable(messageOf(answer));
      return z.array(schema).parse(answer.body);
    });
  }

  /** The first node that answers as a manager. */
  #manager(): Promise<string> {
    return this.#once('manager', async () => {
      const refusals: string[] = [];
      let unreachable: ClusterUnreachable | undefined;
      for (const node of this.cluster.nodes.filter((candidate) => candidate.engine)) {
        try {
          const answer = await this.cluster.get(node.name, '/swarm');
          if (answer.status === 200) return node.name;
          refusals.push(messageOf(answer));
        } catch (error) {
          if (!(error instanceof ClusterUnreachable)) throw error;
          unreachable = error;
        }
      }
      const leaderless = refusals.find((refusal) => /does not have a leader|is locked|encrypted/.test(refusal));
      if (leaderless !== undefined) throw new SwarmUnavailable(leaderless);
      if (unreachable !== undefined) throw unreachable;
      throw new SwarmUnavailable(refusals[0] ?? 'the cluster has no nodes');
    });
  }

  async #askNode(name: string, path: string): Promise<unknown> {
    const node = this.node(name);
    if (!node.engine) throw new Unobservable(`the engine of ${node.name} cannot be asked from here`);
    const answer = await this.cluster.get(node.name, path);
    if (answer.status !== 200)
      throw new ClusterUnreachable(`${node.name} answered ${path} with ${answer.status}: ${messageOf(answer)}`);
    return answer.body;
  }

  #once<Value>(key: string, read: () => Promise<Value>): Promise<Value> {
    const known = this.#reads.get(key);
    if (known !== undefined) return known as Promise<Value>;
    const reading = read();
    this.#reads.set(key, reading);
    return reading;
  }
}

function messageOf(answer: EngineAnswer): string {
  const parsed = messageSchema.safeParse(answer.body);
  return parsed.success ? parsed.data.message : `status ${answer.status}`;
}
