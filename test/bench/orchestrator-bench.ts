import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { RealClock } from '../../server/clock/real-clock.ts';
import type { Node, Task } from '../../server/orchestrator/model/objects.ts';
import type { Placement } from '../../server/orchestrator/model/specs.ts';
import { Scheduler } from '../../server/orchestrator/scheduler/scheduler.ts';
import { ServiceOrchestrators } from '../../server/orchestrator/services/service-orchestrators.ts';
import { type Draft, type Persistence, Store } from '../../server/orchestrator/store/store.ts';
import type { SwarmPart } from '../../server/orchestrator/swarm-parts.ts';

/** One measurement of scheduling: so many tasks, each of its own service, on so many nodes. */
export interface SchedulingBench {
  nodes: number;
  tasks: number;
  /** Only every so manieth node meets the tasks' constraint; 1 for no constraint. */
  everyNthFits: number;
}

/** The cases of SwarmKit's own scheduler benchmark, with the seconds it takes on the machine that the calibration refers to. */
export const SCHEDULING_CASES: readonly (SchedulingBench & { swarmkit: number })[] = [
  { nodes: 1_000, tasks: 1_000, everyNthFits: 1, swarmkit: 0.31 },
  { nodes: 1_000, tasks: 10_000, everyNthFits: 1, swarmkit: 2.6 },
  { nodes: 1_000, tasks: 100_000, everyNthFits: 1, swarmkit: 31 },
  { nodes: 1_000, tasks: 10_000, everyNthFits: 3, swarmkit: 3.4 },
];

/** Milliseconds that `calibrate` takes on the machine on which SwarmKit was measured. */
const REFERENCE_CALIBRATION = 120;

/**
 * How fast this machine is, now, compared with the reference machine (above 1: slower): the median of seven runs of a fixed piece of
 * work of the kind the orchestrator does, looking up, comparing and copying small objects.
 */
export function calibrate(): number {
  const times = Array.from({ length: 7 }, () => {
    const begun = performance.now();
    const table = new Map<string, { id: string; count: number; labels: Record<string, string> }>();
    for (let round = 0; round < 12; round++) {
      for (let index = 0; index < 10_000; index++) {
        const id = `object-${(index * 7919) % 10_000}`;
        const known = table.get(id) ?? { id, count: 0, labels: { round: 'none' } };
        table.set(id, { ...known, count: known.count + 1, labels: { ...known.labels, round: String(round) } });
      }
      [...table.values()].sort((a, b) => a.count - b.count || (a.id < b.id ? -1 : 1));
    }
    return performance.now() - begun;
  });
  times.sort((a, b) => a - b);
  return (times[3] ?? REFERENCE_CALIBRATION) / REFERENCE_CALIBRATION;
}

/** Seconds from the start of the scheduler until every pending task has a node, through store, transactions and watches. */
export async function benchScheduling(bench: SchedulingBench, persistence?: Persistence): Promise<number> {
  const clock = new RealClock();
  const store = new Store(clock, persistence === undefined ? {} : { persistence });
  store.update((transaction) => {
    for (let index = 0; index < bench.nodes; index++)
      transaction.create('nodes', node(index, index % bench.everyNthFits === 0));
    const placement = bench.everyNthFits === 1 ? {} : { Constraints: ['node.labels.fits==yes'] };
    for (let index = 0; index < bench.tasks; index++) transaction.create('tasks', pendingTask(index, placement));
  });
  const scheduler = new Scheduler({ store, clock });
  let assigned = 0;
  const done = new Promise<void>((resolve) => {
    store.watch((events) => {
      for (const event of events)
        if (event.kind === 'tasks' && event.action === 'update' && event.object.Status.State === 'assigned') assigned++;
      if (assigned === bench.tasks) resolve();
    });
  });
  const begun = performance.now();
  scheduler.start();
  await done;
  await store.durable();
  const seconds = (performance.now() - begun) / 1_000;
  scheduler.dispose();
  return seconds;
}

/** The whole way of tasks from the creation of their services until all are assigned. */
export interface WholeWay {
  /** Seconds. */
  seconds: number;
  /** Megabytes of heap that the swarm's state takes afterwards. */
  megabytes: number;
}

/**
 * Creates `services` services of together `tasks` replicas on `nodes` nodes and waits until every task has a node. `allocator` makes
 * the part that takes tasks from NEW to PENDING.
 */
export async function benchWholeWay(
  size: { nodes: number; services: number; tasks: number },
  allocator: (store: Store, clock: RealClock) => SwarmPart,
  persistence?: Persistence,
): Promise<WholeWay> {
  collectGarbage();
  const heapBefore = process.memoryUsage().heapUsed;
  const clock = new RealClock();
  const store = new Store(clock, persistence === undefined ? {} : { persistence });
  store.update((transaction) => {
    for (let index = 0; index < size.nodes; index++) transaction.create('nodes', node(index, true));
  });
  const parts = [allocator(store, clock), new ServiceOrchestrators({ store, clock }), new Scheduler({ store, clock })];
  for (const part of parts) part.start();
  let assigned = 0;
  const done = new Promise<void>((resolve) => {
    store.watch((events) => {
      for (const event of events)
        if (event.kind === 'tasks' && event.action === 'update' && isJustAssigned(event.object, event.old)) assigned++;
      if (assigned === size.tasks) resolve();
    });
  });
  const begun = performance.now();
  for (let index = 0; index < size.services; index++) {
    const Replicas =
      Math.floor((size.tasks * (index + 1)) / size.services) - Math.floor((size.tasks * index) / size.services);
    store.update((transaction) =>
      transaction.create('services', {
        ID: `service-${index}`,
        Spec: {
          Name: `service-${index}`,
          Labels: {},
          TaskTemplate: { ContainerSpec: { Image: 'nginx' }, ForceUpdate: 0 },
          Mode: { Replicated: { Replicas } },
        },
        specVersion: 0,
      }),
    );
  }
  await done;
  await store.durable();
  const seconds = (performance.now() - begun) / 1_000;
  collectGarbage();
  const megabytes = (process.memoryUsage().heapUsed - heapBefore) / 2 ** 20;
  for (const part of parts) part.dispose();
  return { seconds, megabytes };
}

/** Has everything that is unreachable collected, so that what is left can be counted. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

function isJustAssigned(task: Task, old: Task): boolean {
  return task.Status.State === 'assigned' && old.Status.State !== 'assigned';
}

function node(index: number, fits: boolean): Draft<Node> {
  const Hostname = `node-${index}`;
  return {
    ID: `node${index}`,
    Spec: { Labels: { fits: fits ? 'yes' : 'no' }, Role: 'worker', Availability: 'active' },
    Description: {
      Hostname,
      Platform: { Architecture: 'x86_64', OS: 'linux' },
      Resources: { NanoCPUs: 1e12, MemoryBytes: 2 ** 40 },
      Engine: { EngineVersion: '26.1.5', Plugins: [{ Type: 'Network', Name: 'overlay' }] },
    },
    Status: { State: 'ready', Addr: `10.${index >> 8}.${index & 255}.1` },
    role: 'worker',
    networkAddresses: {},
  };
}

function pendingTask(index: number, Placement: Placement): Draft<Task> {
  return {
    ID: `task${index}`,
    ServiceID: `service${index}`,
    Slot: 1,
    Spec: { ContainerSpec: { Image: 'nginx' }, Placement },
    Status: { Timestamp: '2026-01-01T00:00:00.000000000Z', State: 'pending', Message: '', PortStatus: {} },
    DesiredState: 'running',
    attachments: [],
    serviceName: `service${index}`,
    serviceLabels: {},
    specVersion: 1,
    global: false,
  };
}
