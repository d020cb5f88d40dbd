import { NodeAgent } from '../../../server/agent/node-agent.ts';
import type { NodeNetwork, TaskNetworking } from '../../../server/agent/node-network.ts';
import { ArchivedFiles } from '../../../server/agent/tasks/archived-files.ts';
import { NO_JOURNAL, type TaskJournal } from '../../../server/agent/tasks/task-journal.ts';
import { VirtualClock } from '../../../server/clock/virtual-clock.ts';
import { LAB_IMAGES } from '../../../server/engine/simulator/images.ts';
import { SimulatedEngine } from '../../../server/engine/simulator/simulated-engine.ts';
import { createMemoryLink, type MemoryLink } from '../../../server/orchestrator/dispatcher/memory-transport.ts';
import type {
  AgentMessage,
  Assignments,
  LogMessage,
  LogOptions,
  ManagerMessage,
} from '../../../server/orchestrator/dispatcher/protocol.ts';
import type { Config, Node, Secret, Task, TaskStatus } from '../../../server/orchestrator/model/objects.ts';
import type { ContainerSpec } from '../../../server/orchestrator/model/specs.ts';

/** A network that only writes down what it was asked. */
export class RecordingNetwork implements NodeNetwork {
  readonly calls: string[] = [];

  async apply(): Promise<void> {
    this.calls.push('apply');
  }
  async attachmentFor(_task: Task, _signal: AbortSignal): Promise<TaskNetworking> {
    return { networkMode: 'default', endpoints: {} };
  }
  async activate(task: Task): Promise<void> {
    this.calls.push(`activate ${task.ID}`);
  }
  async deactivate(task: Task): Promise<void> {
    this.calls.push(`deactivate ${task.ID}`);
  }
  async release(task: Task): Promise<void> {
    this.calls.push(`release ${task.ID}`);
  }
  async clear(): Promise<void> {
    this.calls.push('clear');
  }
}

const NOTHING: Assignments = {
  tasks: [],
  secrets: [],
  configs: [],
  removedTasks: [],
  removedSecrets: [],
  removedConfigs: [],
};

/** One real agent on a simulated engine, and a manager that says what a test makes it say. */
export class LoneNode {
  readonly clock = new VirtualClock();
  readonly engine: SimulatedEngine;
  readonly network = new RecordingNetwork();
  /** Everything the agent said, in order. */
  readonly heard: AgentMessage[] = [];
  readonly log: string[] = [];
  agent: NodeAgent;
  /** Whether somebody answers when the agent dials. */
  reachable = true;
  dials: number[] = [];
  readonly #journal: TaskJournal;
  #link: MemoryLink | undefined;

  constructor(options: { journal?: TaskJournal } = {}) {
    this.#journal = options.journal ?? NO_JOURNAL;
    this.engine = new SimulatedEngine({
      clock: this.clock,
      machine: { hostname: 'worker1.docker-dca.example', cpus: 2, memoryBytes: 2 ** 31, engineVersion: '26.1.5+dfsg1' },
      wire: {
        pull: () => undefined,
        join: () => ({
          network: {
            nameserver: '127.0.0.11',
            resolve: () => [],
            reaches: () => true,
            request: () => Promise.reject(new Error('Connection refused')),
            listen: () => {},
          },
          dispose: () => {},
        }),
      },
    });
    this.engine.images.add('alpine', LAB_IMAGES.alpine);
    this.engine.images.add('nginx', LAB_IMAGES.nginx);
    this.agent = this.#newAgent();
  }

  /** A node whose agent runs and has its session, with these tasks assigned. */
  static async start(...tasks: Task[]): Promise<LoneNode> {
    const node = new LoneNode();
    node.agent.start();
    await node.clock.advance(100);
    node.openSession();
    await node.assignAll(tasks);
    return node;
  }

  openSession(): void {
    const node = { ID: 'node1', Spec: { Labels: {}, Role: 'worker', Availability: 'active' } } as unknown as Node;
    this.say({ type: 'session', sessionId: 'session1', node, heartbeatPeriod: 5_000 });
  }

  say(message: ManagerMessage): void {
    this.#link?.manager.send(message);
  }

  async assignAll(tasks: Task[], more: { secrets?: Secret[]; configs?: Config[] } = {}): Promise<void> {
    this.say({ type: 'assignments', mode: 'complete', changes: { ...NOTHING, tasks, ...more } });
    await this.clock.advance(0);
  }

  async assign(...tasks: Task[]): Promise<void> {
    this.say({ type: 'assignments', mode: 'incremental', changes: { ...NOTHING, tasks } });
    await this.clock.advance(0);
  }

  async unassign(...removedTasks: string[]): Promise<void> {
    this.say({ type: 'assignments', mode: 'incremental', changes: { ...NOTHING, removedTasks } });
    await this.clock.advance(0);
  }

  subscribe(id: string, options: Partial<LogOptions>, taskIds: string[] = [], serviceIds: string[] = []): void {
    const all: LogOptions = { stdout: true, stderr: true, follow: false, tail: -1, ...options };
    this.say({ type: 'subscribe', subscription: { id, taskIds, serviceIds, options: all } });
  }

  /** The agent dies and a new one starts on the same node; containers go on. */
  async restartAgent(): Promise<void> {
    await this.agent.close();
    this.heard.length = 0;
    this.agent = this.#newAgent();
    this.agent.start();
    await this.clock.advance(200);
    this.openSession();
    await this.clock.advance(0);
  }

  /** The manager goes away; the agent is told. */
  dropConnection(): void {
    this.#link?.manager.close('gone');
  }

  /** Nothing gets through any more, and nobody is told. */
  cut(): void {
    this.#link?.cut();
  }

  /** Every status the agent reported of a task, oldest first. */
  statuses(taskId: string): TaskStatus[] {
    return this.heard.flatMap((message) =>
      message.type === 'task-status'
        ? message.updates.filter((each) => each.taskId === taskId).map((each) => each.status)
        : [],
    );
  }

  last(taskId: string): TaskStatus {
    const status = this.statuses(taskId).at(-1);
    if (status === undefined) throw new Error(`nothing heard of ${taskId}`);
    return status;
  }

  async until(taskId: string, state: TaskStatus['State']): Promise<TaskStatus> {
    await this.clock.advanceUntil(() => this.statuses(taskId).at(-1)?.State === state);
    return this.last(taskId);
  }

  lines(subscriptionId: string): LogMessage[] {
    return this.heard.flatMap((message) =>
      message.type === 'log' && message.subscriptionId === subscriptionId ? message.messages : [],
    );
  }

  containers(): { name: string; state: string }[] {
    return this.engine.containers().map((container) => ({ name: container.name, state: container.state.Status }));
  }

  #newAgent(): NodeAgent {
    const { engine, network, clock } = this;
    return new NodeAgent({
      ...{ engine, network, clock, journal: this.#journal, address: '10.10.10.110' },
      files: new ArchivedFiles(engine),
      log: (message) => this.log.push(message),
      connect: async () => {
        this.dials.push(clock.now());
        if (!this.reachable) throw new Error('connection refused');
        const link = createMemoryLink();
        this.#link = link;
        link.manager.onMessage((message) => {
          this.heard.push(message);
          if (message.type === 'heartbeat') link.manager.send({ type: 'heartbeat-ack', period: 5_000 });
        });
        return link.agent;
      },
    });
  }
}

let ids = 0;

/** A task as a scheduler hands it out: assigned, to be running. */
export function assignedTask(container: ContainerSpec, options: Partial<Task> = {}): Task {
  const ID = `task${++ids}`;
  return {
    ID,
    Version: { Index: 1 },
    CreatedAt: '2026-01-01T00:00:00.000000000Z',
    UpdatedAt: '2026-01-01T00:00:00.000000000Z',
    Spec: { ContainerSpec: container, ForceUpdate: 0 },
    ServiceID: 'service1',
    Slot: 1,
    NodeID: 'node1',
    Status: {
      Timestamp: '2026-01-01T00:00:00.000000000Z',
      State: 'assigned',
      Message: 'scheduler assigned task to node',
      PortStatus: {},
    },
    DesiredState: 'running',
    attachments: [],
    serviceName: 'web',
    serviceLabels: {},
    specVersion: 0,
    global: false,
    ...options,
  };
}

/** On an overlay, as most services are. */
export const ON_OVERLAY = [{ networkId: 'net1', addresses: ['10.0.1.5/24'], aliases: [] }];
