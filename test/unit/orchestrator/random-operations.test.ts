import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Task } from '../../../server/orchestrator/model/objects.ts';
import type { ServiceSpec } from '../../../server/orchestrator/model/specs.ts';
import { compareStates } from '../../../server/orchestrator/model/task-state.ts';
import { slotKey } from '../../../server/orchestrator/store/store.ts';
import { FakeCluster, serviceSpec } from './fake-cluster.ts';

const NODES = 3;
const HISTORY = 5;
const JOB = { ReplicatedJob: { MaxConcurrent: 2, TotalCompletions: 3 } };

/** Something that happens to the cluster; numbers choose among what is there. */
type Operation =
  | { type: 'create'; replicas: number; startFirst: boolean; published: boolean; rollback: boolean }
  | { type: 'createGlobal' }
  | { type: 'createJob' }
  | { type: 'scale'; service: number; replicas: number }
  | { type: 'update'; service: number; image: 'good' | 'better' | 'bad' | 'crashing' }
  | { type: 'rollBack'; service: number }
  | { type: 'remove'; service: number }
  | { type: 'availability'; node: number; availability: 'active' | 'pause' | 'drain' }
  | { type: 'cut'; node: number; power: boolean }
  | { type: 'connect'; node: number }
  | { type: 'replaceNode'; node: number }
  | { type: 'crash'; task: number; exitCode: number }
  | { type: 'restartManager'; away: number }
  | { type: 'wait'; milliseconds: number };

const service = fc.nat(5);
const node = fc.nat(NODES - 1);
const replicas = fc.nat(5);
const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('create'),
      replicas,
      startFirst: fc.boolean(),
      published: fc.boolean(),
      rollback: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('createGlobal') }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('createJob') }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('scale'), service, replicas }) },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('update'),
      service,
      image: fc.constantFrom('good', 'better', 'bad', 'crashing'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('rollBack'), service }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('remove'), service }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('availability'),
      node,
      availability: fc.constantFrom('active', 'pause', 'drain'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('cut'), node, power: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('connect'), node }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('replaceNode'), node }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('crash'), task: fc.nat(50), exitCode: fc.nat(1) }) },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('restartManager'), away: fc.integer({ min: 0, max: 20_000 }) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant('wait'),
      milliseconds: fc.constantFrom(20, 70, 200, 1_000, 6_000, 20_000),
    }),
  },
);

/** Does what is asked as far as it is possible. */
async function perform(cluster: FakeCluster, operation: Operation): Promise<void> {
  const services = [...cluster.store.services.all()];
  const chosen = 'service' in operation ? services[operation.service % services.length]?.ID : undefined;
  const agent = 'node' in operation ? cluster.agents[operation.node] : undefined;
  switch (operation.type) {
    case 'create':
      if (services.length < 4) cluster.createService(newSpec(cluster.store.version, operation));
      break;
    case 'createGlobal':
      if (!cluster.store.serviceByName('everywhere'))
        cluster.createService(serviceSpec('everywhere', { Mode: { Global: {} } }));
      break;
    case 'createJob':
      if (!cluster.store.serviceByName('job')) cluster.createService(serviceSpec('job', { Mode: JOB }));
      break;
    case 'scale':
      if (chosen && cluster.service(chosen).Spec.Mode.Replicated) cluster.scale(chosen, operation.replicas);
      break;
    case 'update':
      if (chosen) cluster.setImage(chosen, operation.image);
      break;
    case 'rollBack':
      if (chosen && cluster.service(chosen).PreviousSpec) cluster.rollBackService(chosen);
      break;
    case 'remove':
      if (chosen) cluster.removeService(chosen);
      break;
    case 'availability':
      if (agent) cluster.setNode(agent.nodeId, { Availability: operation.availability });
      break;
    case 'cut':
      if (operation.power) agent?.powerOff();
      else agent?.cut();
      break;
    case 'connect':
      agent?.connect();
      break;
    case 'replaceNode':
      if (agent) {
        cluster.removeNode(agent.nodeId);
        cluster.agents.splice(cluster.agents.indexOf(agent), 1);
        cluster.addNode(`node${cluster.store.version}`).behaviour = agent.behaviour;
      }
      break;
    case 'crash': {
      const running = cluster.agents.flatMap((candidate) => candidate.runningTasks());
      const task = running[operation.task % running.length];
      if (task) cluster.agent(task.NodeID).crash(task.ID, operation.exitCode);
      break;
    }
    case 'restartManager':
      await cluster.restartManager(operation.away);
      break;
    case 'wait':
      await cluster.clock.advance(operation.milliseconds);
  }
}

function newSpec(number: number, create: Extract<Operation, { type: 'create' }>): ServiceSpec {
  const port = { Protocol: 'tcp', TargetPort: 80, PublishMode: 'ingress' } as const;
  return {
    ...serviceSpec(`service${number}`, {
      Mode: { Replicated: { Replicas: create.replicas } },
    }),
    UpdateConfig: {
      Parallelism: 1,
      MaxFailureRatio: 0,
      Order: create.startFirst ? 'start-first' : 'stop-first',
      FailureAction: create.rollback ? 'rollback' : 'pause',
    },
    ...(create.published ? { EndpointSpec: { Mode: 'vip', Ports: [port] } } : {}),
  };
}

/** Looks at every change as it happens: nothing goes back, nothing is given twice. */
function guard(cluster: FakeCluster): void {
  cluster.store.watch((events) => {
    for (const event of events) {
      if (event.kind !== 'tasks' || event.action !== 'update') continue;
      const { old, object } = event;
      expect(compareStates(object.Status.State, old.Status.State)).toBeGreaterThanOrEqual(0);
      expect(compareStates(object.DesiredState, old.DesiredState)).toBeGreaterThanOrEqual(0);
      if (old.NodeID !== undefined) expect(object.NodeID).toBe(old.NodeID);
    }
    expect(slotsToldToRunTwice(cluster)).toEqual([]);
  });
}

/** Slots with more than one task told to run, where no start-first update puts new ones beside the old. */
function slotsToldToRunTwice(cluster: FakeCluster): string[] {
  const counts = new Map<string, number>();
  for (const task of cluster.store.tasks.all())
    if (task.DesiredState === 'running') counts.set(slotKey(task), (counts.get(slotKey(task)) ?? 0) + 1);
  return [...counts].flatMap(([key, count]) => {
    const [serviceId = ''] = key.split('/');
    const order = cluster.store.services.get(serviceId)?.Spec.UpdateConfig?.Order;
    return count > 1 && order !== 'start-first' ? [`${key}: ${count}`] : [];
  });
}

/** Everything works again: nodes are there and active, images are good. */
async function heal(cluster: FakeCluster): Promise<void> {
  for (const agent of cluster.agents) {
    cluster.setNode(agent.nodeId, { Availability: 'active' });
    agent.cut();
  }
  await cluster.clock.advance(20_000);
  for (const agent of cluster.agents) agent.connect();
  for (const { ID } of [...cluster.store.services.all()]) cluster.setImage(ID, 'good');
  await cluster.clock.advance(400_000);
}

/** Tasks of a job's last iteration that have completed. */
function completions(cluster: FakeCluster, job: string): number {
  const iteration = cluster.service(job).JobStatus?.JobIteration.Index;
  const tasks = cluster.tasks(job).filter((task) => task.JobIteration?.Index === iteration);
  return tasks.filter((task) => task.Status.State === 'complete').length;
}

const isTaken = (task: Task) => compareStates(task.Status.State, 'running') <= 0 && task.NodeID !== undefined;

function checkOutcome(cluster: FakeCluster): void {
  for (const { ID, Spec } of cluster.store.services.all()) {
    if (Spec.Mode.ReplicatedJob) {
      expect(completions(cluster, ID)).toBe(Spec.Mode.ReplicatedJob.TotalCompletions);
      continue;
    }
    const wanted = Spec.Mode.Replicated?.Replicas ?? NODES;
    const running = cluster.running(ID);
    expect(running.map((task) => task.Spec.ContainerSpec?.Image)).toEqual(Array(wanted).fill('good'));
    expect(new Set(running.map((task) => slotKey(task))).size).toBe(wanted);
    const perSlot = new Map<string, number>();
    for (const task of cluster.tasks(ID)) perSlot.set(slotKey(task), (perSlot.get(slotKey(task)) ?? 0) + 1);
    expect(Math.max(0, ...perSlot.values())).toBeLessThanOrEqual(HISTORY);
  }
  for (const agent of cluster.agents) {
    const isAssigned = (task: Task) => compareStates(task.Status.State, 'assigned') >= 0;
    const stored = cluster.store.tasksOfNode(agent.nodeId).filter(isAssigned);
    expect([...agent.tasks.keys()].sort()).toEqual(stored.map((task) => task.ID).sort());
    const meant = stored.filter((task) => task.DesiredState === 'running').map((task) => task.ID);
    expect(
      agent
        .runningTasks()
        .map((task) => task.ID)
        .sort(),
    ).toEqual(meant.sort());
  }
  const ports = [...cluster.store.services.all()].flatMap(({ Endpoint }) => Endpoint?.Ports ?? []);
  expect(new Set(ports.map((port) => port.PublishedPort)).size).toBe(ports.length);
  const addresses = [
    ...[...cluster.store.tasks.all()]
      .filter(isTaken)
      .flatMap((task) => task.attachments.flatMap((one) => one.addresses)),
    ...[...cluster.store.services.all()].flatMap(({ Endpoint }) => Endpoint?.VirtualIPs?.map(({ Addr }) => Addr) ?? []),
    ...[...cluster.store.nodes.all()].flatMap(({ networkAddresses }) => Object.values(networkAddresses)),
  ];
  expect(new Set(addresses).size).toBe(addresses.length);
}

test('whatever happens, in whatever order: once all is well again every service is as it should be', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { minLength: 1, maxLength: 12 }), async (operations) => {
      const cluster = await FakeCluster.start(NODES, { historyLimit: HISTORY });
      cluster.addIngress();
      cluster.behave(({ Spec, JobIteration }) => {
        if (Spec.ContainerSpec?.Image === 'bad') return { rejects: 'No such image: bad' };
        if (Spec.ContainerSpec?.Image === 'crashing') return { exitsAfter: 1_500, exitCode: 1 };
        return JobIteration === undefined ? {} : { exitsAfter: 1_500, exitCode: 0 };
      });
      guard(cluster);
      for (const step of operations) {
        await perform(cluster, step);
        if (step.type === 'restartManager') guard(cluster);
      }
      await heal(cluster);
      checkOutcome(cluster);
    }),
    { numRuns: 1_000 },
  );
}, 600_000);
