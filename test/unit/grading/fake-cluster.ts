import type { Disposable } from '../../../server/clock/clock.ts';
import type {
  CommandResult,
  EngineAnswer,
  GradingCluster,
  GradingNode,
  NodeCommand,
} from '../../../server/grading/grading-cluster.ts';
import { ClusterUnreachable } from '../../../server/grading/verdict.ts';
import type { WitnessedRequest } from '../../../server/grading/witnessed-request.ts';

const NAMES = ['master', 'worker1', 'worker2', 'registry'] as const;

/** A cluster that is what a test says it is: Engine API objects by path, requests and answers of commands by node. */
export class FakeCluster implements GradingCluster {
  readonly name = 'fake';
  orchestrator: GradingCluster['orchestrator'] = 'builtin';
  readonly nodes: GradingNode[] = NAMES.map((name, index) => ({
    name,
    hostname: `${name}.docker-dca.example`,
    address: `10.10.10.${100 + index * 10}`,
    engine: true,
  }));
  readonly answers = new Map<string, EngineAnswer>();
  readonly witnessed = new Map<string, WitnessedRequest[]>();
  readonly commands: { node: string; command: NodeCommand }[] = [];
  /** What `exec` gives; by default a command that ends well without a word. */
  onExec: (node: string, command: NodeCommand) => Partial<CommandResult> = () => ({});
  reachable = true;
  looks = 0;
  readonly #listeners = new Set<() => void>();

  constructor() {
    this.set('/swarm', { ID: 'cluster', Spec: { Labels: {} } });
    this.set('/services', []);
    this.set('/tasks', []);
    this.set('/networks', []);
    this.set('/secrets', []);
    this.set('/configs', []);
    this.set(
      '/nodes',
      this.nodes.map((node, index) => fakeNode(node.name, index === 0)),
    );
  }

  set(path: string, body: unknown, status = 200): void {
    this.answers.set(path, { status, body });
  }

  /** Tells listeners that something happened. */
  change(): void {
    for (const listener of this.#listeners) listener();
  }

  async get(node: string, path: string): Promise<EngineAnswer> {
    if (!this.reachable) throw new ClusterUnreachable(`the engine of ${node} does not answer`);
    if (path === '/services') this.looks++;
    return this.answers.get(path) ?? { status: 404, body: { message: `no such thing: ${path}` } };
  }

  async getBytes(node: string, path: string): Promise<{ status: number; body: Buffer }> {
    const { status, body } = await this.get(node, path.replace(/\?.*/, ''));
    return { status, body: Buffer.isBuffer(body) ? body : Buffer.from(String(body)) };
  }

  async execInContainer(): Promise<CommandResult> {
    return { exitCode: 0, stdout: '', stderr: '', ended: undefined };
  }

  onChange(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  requests = async (node: string, after: number): Promise<WitnessedRequest[]> =>
    (this.witnessed.get(node) ?? []).filter((request) => request.sequence > after);

  exec = async (node: string, command: NodeCommand): Promise<CommandResult> => {
    if (!this.reachable) throw new ClusterUnreachable(`${node} does not answer`);
    this.commands.push({ node, command });
    return { exitCode: 0, stdout: '', stderr: '', ended: undefined, ...this.onExec(node, command) };
  };
}

export function fakeNode(name: string, manager = false): Record<string, unknown> {
  return {
    ID: `id-${name}`,
    Spec: { Role: manager ? 'manager' : 'worker', Availability: 'active', Labels: {} },
    Description: { Hostname: `${name}.docker-dca.example` },
    Status: { State: 'ready', Addr: '10.10.10.100' },
    ...(manager ? { ManagerStatus: { Leader: true, Reachability: 'reachable' } } : {}),
  };
}

/** A replicated service. */
export function fakeService(
  name: string,
  options: { replicas?: number; image?: string; ports?: number[]; args?: string[] } = {},
): Record<string, unknown> {
  const { replicas = 1, image = 'nginx:latest', ports = [], args } = options;
  return {
    ID: `service-${name}`,
    Spec: {
      Name: name,
      Labels: {},
      TaskTemplate: { ContainerSpec: { Image: image, ...(args ? { Args: args } : {}) } },
      Mode: { Replicated: { Replicas: replicas } },
    },
    Endpoint: {
      Ports: ports.map((port) => ({
        Protocol: 'tcp',
        TargetPort: 80,
        PublishedPort: port,
        PublishMode: 'ingress',
      })),
    },
  };
}

/** A task of a service in a slot. */
export function fakeTask(
  service: string,
  slot: number,
  options: { node?: string; state?: string; desired?: string; error?: string; created?: string } = {},
): Record<string, unknown> {
  const { node = 'worker1', state = 'running', desired = 'running', error = '' } = options;
  return {
    ID: `${service}-${slot}-${options.created ?? ''}${state}`,
    CreatedAt: options.created ?? '2026-01-01T00:00:00Z',
    ServiceID: `service-${service}`,
    Slot: slot,
    NodeID: `id-${node}`,
    Spec: {},
    DesiredState: desired,
    Status: { State: state, Timestamp: '2026-01-01T00:00:00.000000000Z', Message: state, Err: error },
  };
}

/** As many running tasks as asked for, in slots from 1. */
export function runningTasksOf(service: string, count: number): Record<string, unknown>[] {
  return Array.from({ length: count }, (_, index) => fakeTask(service, index + 1));
}

/** A request of the student's docker client. */
export function fakeRequest(
  sequence: number,
  method: string,
  path: string,
  options: Partial<WitnessedRequest> = {},
): WitnessedRequest {
  return {
    sequence,
    at: '2026-01-01T00:00:00Z',
    method,
    path,
    query: {},
    filters: {},
    client: 'command',
    status: 200,
    ...options,
  };
}
