import { z } from 'zod';
import { EmbeddedNode } from '../../agent/embedded/embedded-node.ts';
import type { Clock, Disposable } from '../../clock/clock.ts';
import { ClusterWire } from '../../engine/simulator/cluster-wire.ts';
import { LAB_IMAGES } from '../../engine/simulator/images.ts';
import { SimulatedEngine, type SimulatedMachine } from '../../engine/simulator/simulated-engine.ts';
import { createMemoryLink, type MemoryLink } from '../../orchestrator/dispatcher/memory-transport.ts';
import { SwarmFleet } from '../../orchestrator/membership/swarm-fleet.ts';

/** The nodes' engine, whatever the machine has. */
const ENGINE_VERSION = '26.1.5+dfsg1';
/** What `docker node inspect` and the scheduler see of a simulated machine. */
const MACHINE: Omit<SimulatedMachine, 'hostname'> = {
  cpus: 2,
  memoryBytes: 4 * 1024 ** 3,
  engineVersion: ENGINE_VERSION,
};

const joinTokens = z.object({ JoinTokens: z.object({ Worker: z.string(), Manager: z.string() }) });

/** The registry's name in image references. */
const REGISTRY = 'registry.docker-dca.example:5000';

export interface EmbeddedNodePlan {
  name: string;
  hostname: string;
  address: string;
  role: 'manager' | 'worker';
}

export interface EmbeddedClusterOptions {
  clock: Clock;
  nodes: readonly EmbeddedNodePlan[];
  /** Nodes that have the lab's images. */
  imagesOn: readonly string[];
  log(message: string): void;
}

/**
 * A cluster without machines: simulated engines, the nodes' own agents on them, and the orchestrator, all in this process. Where its
 * gateways listen is up to whoever makes it.
 */
export class EmbeddedCluster {
  readonly clock: Clock;
  readonly fleet: SwarmFleet;
  readonly wire: ClusterWire;
  readonly nodes = new Map<string, EmbeddedNode>();
  readonly #options: EmbeddedClusterOptions;
  readonly #links = new Map<string, MemoryLink>();
  readonly #listeners = new Set<() => void>();

  constructor(options: EmbeddedClusterOptions) {
    this.#options = options;
    this.clock = options.clock;
    const { clock, nodes } = options;
    const last = nodes.at(-1)?.address ?? '';
    const zone = Object.fromEntries(
      nodes.flatMap(({ name, hostname, address }) => [
        [name, [address]],
        [hostname, [address]],
      ]),
    );
    this.wire = new ClusterWire({ ...zone, 'google.com': [last], 'www.google.com': [last] });
    const changed = () => {
      for (const listener of this.#listeners) listener();
    };
    this.fleet = new SwarmFleet({ clock, machines: nodes, changed });
    for (const plan of nodes) {
      const engine = new SimulatedEngine({ clock, machine: { ...MACHINE, hostname: plan.hostname }, wire: this.wire });
      if (options.imagesOn.includes(plan.name)) addLabImages(engine);
      engine.eventLog.listen(changed);
      this.wire.addNode(plan.name, plan.address, engine);
      this.nodes.set(plan.name, this.#node(plan, engine));
    }
  }

  /** Starts the agents and forms the swarm: the first manager inits, the others join. */
  async start(): Promise<void> {
    await Promise.all([...this.nodes.values()].map((node) => node.start()));
    const [first, ...others] = [...this.#options.nodes].sort((a, b) => a.role.localeCompare(b.role));
    if (first === undefined) return;
    const manager = this.fleet.machine(first.name);
    await manager.init({
      ListenAddr: '0.0.0.0:2377',
      AdvertiseAddr: first.address,
      DefaultAddrPool: [],
      SubnetSize: 24,
    });
    const { JoinTokens } = joinTokens.parse(await manager.control().swarm.inspect());
    for (const { name, address, role } of others) {
      await this.fleet.machine(name).join({
        ListenAddr: '0.0.0.0:2377',
        AdvertiseAddr: address,
        RemoteAddrs: [`${first.address}:2377`],
        JoinToken: role === 'manager' ? JoinTokens.Manager : JoinTokens.Worker,
      });
    }
  }

  /** What the nodes are called and where they stand. */
  get plans(): readonly EmbeddedNodePlan[] {
    return this.#options.nodes;
  }

  /** A node's plan by the node's name; throws when there is none. */
  plan(name: string): EmbeddedNodePlan {
    const plan = this.plans.find((each) => each.name === name);
    if (plan === undefined) throw new Error(`there is no node ${name}`);
    return plan;
  }

  /** Calls back whenever something has changed in a swarm or on an engine, until disposed. */
  onChange(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  /** The node by its name; throws when there is none. */
  node(name: string): EmbeddedNode {
    const node = this.nodes.get(name);
    if (node === undefined) throw new Error(`there is no node ${name}`);
    return node;
  }

  /** Pulls a node's cable: nothing gets to it or from it, and nobody is told. */
  disconnect(name: string): void {
    this.wire.setConnected(name, false);
    this.#links.get(name)?.cut();
  }

  /** Puts the cable back. */
  connect(name: string): void {
    this.wire.setConnected(name, true);
    // What the agent had open leads nowhere any more; it dials anew.
    this.#links.get(name)?.agent.close('the connection was interrupted');
  }

  /** A power cut: the node's containers end with its agent. */
  async stop(name: string): Promise<void> {
    const node = this.node(name);
    this.wire.setConnected(name, false);
    this.#links.get(name)?.cut();
    await endAtOnce(node);
  }

  /** Power is back: a new agent on the same engine. */
  async power(name: string): Promise<void> {
    const plan = this.plan(name);
    const node = this.#node(plan, this.node(name).engine);
    this.nodes.set(name, node);
    this.wire.setConnected(name, true);
    this.fleet.machineRestarted(name);
    await node.start();
  }

  async close(): Promise<void> {
    this.fleet.dispose();
    await Promise.all([...this.nodes.values()].map(endAtOnce));
  }

  #node(plan: EmbeddedNodePlan, engine: SimulatedEngine): EmbeddedNode {
    const { clock, log } = this.#options;
    return new EmbeddedNode({
      name: plan.name,
      address: plan.address,
      clock,
      engine,
      wire: this.wire,
      log: (message) => log(`${plan.name}: ${message}`),
      connect: async () => {
        if (!this.wire.isConnected(plan.name)) throw new Error('the cluster host is out of reach');
        const link = createMemoryLink();
        this.#links.set(plan.name, link);
        this.fleet.agentConnected(plan.name, link.manager);
        return link.agent;
      },
    });
  }
}

/** Ends a node's containers and its agent, which would else see each stop that is under way through to its end. */
async function endAtOnce(node: EmbeddedNode): Promise<void> {
  const kill = () => {
    for (const container of node.engine.containers()) if (container.state.Running) container.kill('SIGKILL');
  };
  kill();
  await node.close();
  // What was just about to start when the others ended.
  kill();
}

/** nginx and alpine under the names that the labs use. */
export function addLabImages(engine: SimulatedEngine): void {
  for (const [name, version] of [
    ['nginx', '1.26'],
    ['alpine', '3.20'],
  ] as const) {
    for (const repository of [name, `${REGISTRY}/${name}`]) {
      for (const tag of ['latest', version]) engine.images.add(`${repository}:${tag}`, LAB_IMAGES[name]);
    }
  }
}
