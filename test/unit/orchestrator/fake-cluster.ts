import { VirtualClock } from '../../../server/clock/virtual-clock.ts';
import { Allocator } from '../../../server/orchestrator/allocator/allocator.ts';
import { Dispatcher } from '../../../server/orchestrator/dispatcher/dispatcher.ts';
import type { Node, Service, Task } from '../../../server/orchestrator/model/objects.ts';
import type { NetworkSpec, NodeSpec, ServiceSpec, TaskSpec } from '../../../server/orchestrator/model/specs.ts';
import { TaskReaper } from '../../../server/orchestrator/reaper/task-reaper.ts';
import { Scheduler } from '../../../server/orchestrator/scheduler/scheduler.ts';
import { ServiceOrchestrators } from '../../../server/orchestrator/services/service-orchestrators.ts';
import { Store } from '../../../server/orchestrator/store/store.ts';
import type { SwarmPart } from '../../../server/orchestrator/swarm-parts.ts';
import { type Behaviour, FakeAgent } from './fake-agent.ts';

/** A service's spec with everything a test does not care about. */
export function serviceSpec(name: string, spec: Partial<Omit<ServiceSpec, 'Name'>> = {}): ServiceSpec {
  const TaskTemplate: TaskSpec = { ContainerSpec: { Image: 'nginx' }, ForceUpdate: 0, ...spec.TaskTemplate };
  return { Labels: {}, Mode: { Replicated: { Replicas: 1 } }, ...spec, Name: name, TaskTemplate };
}

/** A swarm of fake nodes in virtual time: the real store, loops and protocol, everything but engines and the control API. */
export class FakeCluster {
  readonly clock = new VirtualClock();
  readonly agents: FakeAgent[] = [];
  store: Store;
  dispatcher: Dispatcher;
  scheduler: Scheduler;
  orchestrators: ServiceOrchestrators;
  #parts: SwarmPart[] = [];
  #ids = 0;

  constructor(options: { historyLimit?: number } = {}) {
    this.store = new Store(this.clock);
    this.store.update((transaction) =>
      transaction.create('clusters', {
        ID: 'cluster',
        Spec: {
          Name: 'default',
          Labels: {},
          Orchestration: { TaskHistoryRetentionLimit: options.historyLimit ?? 5 },
          Raft: {
            SnapshotInterval: 10_000,
            KeepOldSnapshots: 0,
            LogEntriesForSlowFollowers: 500,
            ElectionTick: 10,
            HeartbeatTick: 1,
          },
          Dispatcher: { HeartbeatPeriod: 5e9 },
          CAConfig: { NodeCertExpiry: 7.776e15 },
          TaskDefaults: {},
          EncryptionConfig: { AutoLockManagers: false },
        },
        RootRotationInProgress: false,
        DefaultAddrPool: ['10.0.0.0/8'],
        SubnetSize: 24,
        DataPathPort: 4789,
        joinTokens: { Worker: '', Manager: '' },
        rootCa: { certificate: '', key: '' },
        unlockKey: '',
      }),
    );
    [this.dispatcher, this.scheduler, this.orchestrators] = this.#startManager();
  }

  /** A cluster of ready nodes called node1, node2 ... */
  static async start(nodes: number, options: { historyLimit?: number } = {}): Promise<FakeCluster> {
    const cluster = new FakeCluster(options);
    for (let number = 1; number <= nodes; number++) cluster.addNode(`node${number}`);
    await cluster.clock.advance(100);
    return cluster;
  }

  addNode(id: string, spec: Partial<NodeSpec> = {}): FakeAgent {
    this.store.update((transaction) =>
      transaction.create('nodes', {
        ID: id,
        Spec: { Labels: {}, Role: 'worker', Availability: 'active', ...spec },
        Status: { State: 'unknown', Addr: '' },
        role: 'worker',
        networkAddresses: {},
      }),
    );
    const agent = new FakeAgent(this.clock, id, `${id}.example`, (connection) => this.dispatcher.connect(connection));
    this.agents.push(agent);
    agent.connect();
    return agent;
  }

  addNetwork(id: string, spec: Partial<NetworkSpec> = {}): void {
    const defaults = { Labels: {}, Driver: 'overlay', Internal: false, Attachable: false, Ingress: false };
    const Spec: NetworkSpec = { ...defaults, Name: id, ...spec };
    this.store.update((transaction) => transaction.create('networks', { ID: id, Spec }));
  }

  addIngress(): void {
    this.addNetwork('ingress', { Ingress: true });
  }

  agent(nodeId: string | undefined): FakeAgent {
    const agent = this.agents.find((candidate) => candidate.nodeId === nodeId);
    if (agent === undefined) throw new Error(`no agent of node ${nodeId}`);
    return agent;
  }

  /** What tasks do on all nodes. */
  behave(behaviour: (task: Task) => Behaviour): void {
    for (const agent of this.agents) agent.behaviour = behaviour;
  }

  createService(spec: ServiceSpec): string {
    const ID = `service-${spec.Name}`;
    const isJob = spec.Mode.ReplicatedJob !== undefined || spec.Mode.GlobalJob !== undefined;
    const JobStatus = { JobIteration: { Index: 0 }, LastExecution: this.clock.timestamp() };
    this.store.update((transaction) =>
      transaction.create('services', { ID, Spec: spec, specVersion: 0, ...(isJob ? { JobStatus } : {}) }),
    );
    return ID;
  }

  /** As the control API stores an update: the version before it becomes the spec's version, the old spec the previous one. */
  updateService(id: string, change: (spec: ServiceSpec) => ServiceSpec): void {
    const { UpdateStatus: _, ...service } = this.service(id);
    const { JobStatus } = service;
    const iteration = JobStatus && {
      JobStatus: { JobIteration: { Index: JobStatus.JobIteration.Index + 1 }, LastExecution: this.clock.timestamp() },
    };
    this.store.update((transaction) =>
      transaction.update('services', {
        ...service,
        Spec: change(service.Spec),
        PreviousSpec: service.Spec,
        specVersion: service.Version.Index,
        previousSpecVersion: service.specVersion,
        ...iteration,
      }),
    );
  }

  /** As the control API stores a manual rollback. */
  rollBackService(id: string): void {
    const service = this.service(id);
    this.store.update((transaction) =>
      transaction.update('services', {
        ...service,
        Spec: service.PreviousSpec ?? service.Spec,
        PreviousSpec: service.Spec,
        specVersion: service.previousSpecVersion ?? 0,
        previousSpecVersion: service.specVersion,
        UpdateStatus: {
          State: 'rollback_started',
          Message: 'manually requested rollback',
          StartedAt: this.clock.timestamp(),
        },
      }),
    );
  }

  scale(id: string, replicas: number): void {
    this.updateService(id, (spec) => ({ ...spec, Mode: { Replicated: { Replicas: replicas } } }));
  }

  setTemplate(id: string, template: Partial<TaskSpec>): void {
    this.updateService(id, (spec) => ({ ...spec, TaskTemplate: { ...spec.TaskTemplate, ...template } }));
  }

  setImage(id: string, image: string): void {
    this.setTemplate(id, { ContainerSpec: { Image: image } });
  }

  removeService(id: string): void {
    this.store.update((transaction) => transaction.remove('services', id));
  }

  setNode(id: string, spec: Partial<NodeSpec>): void {
    const node = this.node(id);
    this.store.update((transaction) => transaction.update('nodes', { ...node, Spec: { ...node.Spec, ...spec } }));
  }

  /** As the control API removes a node. */
  removeNode(id: string): void {
    this.store.update((transaction) => {
      for (const task of transaction.tasksOfNode(id)) {
        if (['complete', 'shutdown', 'failed', 'rejected', 'orphaned'].includes(task.Status.State)) continue;
        const Message = 'Task belonged to a node that has been deleted';
        transaction.update('tasks', { ...task, Status: { ...task.Status, State: 'orphaned', Message } });
      }
      transaction.remove('nodes', id);
    });
  }

  service(id: string): Service {
    const service = this.store.services.get(id);
    if (service === undefined) throw new Error(`no service ${id}`);
    return service;
  }

  node(id: string): Node {
    const node = this.store.nodes.get(id);
    if (node === undefined) throw new Error(`no node ${id}`);
    return node;
  }

  task(id: string): Task {
    const task = this.store.tasks.get(id);
    if (task === undefined) throw new Error(`no task ${id}`);
    return task;
  }

  /** All tasks of a service by slot, then by age. */
  tasks(serviceId: string): Task[] {
    return this.store
      .tasksOfService(serviceId)
      .sort((a, b) => (a.Slot ?? 0) - (b.Slot ?? 0) || (a.CreatedAt < b.CreatedAt ? -1 : 1));
  }

  running(serviceId: string): Task[] {
    return this.tasks(serviceId).filter((task) => task.Status.State === 'running' && task.DesiredState === 'running');
  }

  /** How many tasks of the service run on each node. */
  spread(serviceId: string): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { NodeID } of this.running(serviceId)) counts[NodeID ?? ''] = (counts[NodeID ?? ''] ?? 0) + 1;
    return counts;
  }

  /** Lets time pass until so many tasks of the service run. */
  async untilRunning(serviceId: string, count: number): Promise<void> {
    await this.clock.advanceUntil(() => this.running(serviceId).length === count);
  }

  /** The manager's process dies and another one takes over the same store; agents find it again after `away` milliseconds. */
  async restartManager(away = 1_000): Promise<void> {
    for (const part of this.#parts) part.dispose();
    const store = new Store(this.clock, { version: this.store.version });
    store.restore('clusters', this.store.clusters.all());
    store.restore('services', this.store.services.all());
    store.restore('tasks', this.store.tasks.all());
    store.restore('nodes', this.store.nodes.all());
    store.restore('networks', this.store.networks.all());
    store.restore('secrets', this.store.secrets.all());
    store.restore('configs', this.store.configs.all());
    this.store = store;
    await this.clock.advance(away);
    [this.dispatcher, this.scheduler, this.orchestrators] = this.#startManager();
    for (const agent of this.agents) if (agent.left === undefined) agent.connect();
    await this.clock.advance(0);
  }

  #startManager(): [Dispatcher, Scheduler, ServiceOrchestrators] {
    const shared = { store: this.store, clock: this.clock, newId: () => `id${String(this.#ids++).padStart(6, '0')}` };
    const dispatcher = new Dispatcher({ ...shared, random: () => 0.5 });
    const scheduler = new Scheduler(shared);
    const orchestrators = new ServiceOrchestrators(shared);
    this.#parts = [new Allocator(shared), orchestrators, scheduler, new TaskReaper(shared), dispatcher];
    for (const part of this.#parts) part.start();
    return [dispatcher, scheduler, orchestrators];
  }
}
