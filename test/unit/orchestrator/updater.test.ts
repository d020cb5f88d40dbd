import { expect, test } from 'vitest';
import type { ServiceSpec, UpdateConfig } from '../../../server/orchestrator/model/specs.ts';
import { FakeCluster, serviceSpec } from './fake-cluster.ts';

const config = (change: Partial<UpdateConfig> = {}): UpdateConfig => ({
  Parallelism: 1,
  MaxFailureRatio: 0,
  Order: 'stop-first',
  ...change,
});

/** A running service of three replicas on three nodes, and its ID. */
async function running(spec: Partial<ServiceSpec> = {}, replicas = 3): Promise<[FakeCluster, string]> {
  const cluster = await FakeCluster.start(3);
  const web = cluster.createService(serviceSpec('web', { Mode: { Replicated: { Replicas: replicas } }, ...spec }));
  await cluster.untilRunning(web, replicas);
  return [cluster, web];
}

const images = (cluster: FakeCluster, service: string) =>
  cluster.running(service).map((task) => task.Spec.ContainerSpec?.Image);

const state = (cluster: FakeCluster, service: string) => cluster.service(service).UpdateStatus?.State;

test('an update replaces slot after slot, and is complete when the last task has been watched for five seconds', async () => {
  const [cluster, web] = await running();
  const begun = cluster.clock.timestamp();
  cluster.setImage(web, 'nginx:2');
  expect(cluster.service(web).UpdateStatus).toEqual({
    State: 'updating',
    StartedAt: begun,
    Message: 'update in progress',
  });
  expect(cluster.tasks(web).filter((task) => task.DesiredState === 'shutdown')).toHaveLength(1);
  await cluster.clock.advanceUntil(() => images(cluster, web).join() === 'nginx:2,nginx:2,nginx:2');
  await cluster.clock.advance(4_000);
  expect(state(cluster, web)).toBe('updating');
  await cluster.clock.advance(1_500);
  expect(cluster.service(web).UpdateStatus).toMatchObject({ State: 'completed', Message: 'update completed' });
  expect(cluster.service(web).UpdateStatus?.CompletedAt).toBeDefined();
  expect(cluster.tasks(web).map((task) => task.Slot)).toEqual([1, 1, 2, 2, 3, 3]);
});

test('a new task is prepared while the old one stops, and starts when that has stopped', async () => {
  const [cluster, web] = await running({}, 1);
  cluster.behave(() => ({ stopTime: 8_000 }));
  cluster.setImage(web, 'nginx:2');
  await cluster.clock.advance(1_000);
  const [old, fresh] = cluster.tasks(web);
  expect(old).toMatchObject({ DesiredState: 'shutdown', Status: { State: 'running' } });
  expect(fresh).toMatchObject({ DesiredState: 'ready', Status: { State: 'ready' } });
  await cluster.clock.advance(8_000);
  expect(cluster.tasks(web).map((task) => task.Status.State)).toEqual(['shutdown', 'running']);
});

test('parallelism says how many slots are replaced at a time, 0 all of them', async () => {
  const [cluster, web] = await running({ UpdateConfig: config({ Parallelism: 2 }) }, 5);
  cluster.setImage(web, 'nginx:2');
  expect(cluster.tasks(web).filter((task) => task.DesiredState === 'shutdown')).toHaveLength(2);
  const [other, all] = await running({ UpdateConfig: config({ Parallelism: 0 }) }, 5);
  other.setImage(all, 'nginx:2');
  expect(other.tasks(all).filter((task) => task.DesiredState === 'shutdown')).toHaveLength(5);
});

test('the delay is kept after every slot, and a long one is added to the monitoring', async () => {
  const [cluster, web] = await running({ UpdateConfig: config({ Delay: 10e9 }) });
  cluster.setImage(web, 'nginx:2');
  await cluster.clock.advance(9_000);
  expect(images(cluster, web).filter((image) => image === 'nginx:2')).toHaveLength(1);
  await cluster.clock.advance(10_000);
  expect(images(cluster, web).filter((image) => image === 'nginx:2')).toHaveLength(2);
  await cluster.clock.advanceUntil(() => images(cluster, web).join() === 'nginx:2,nginx:2,nginx:2');
  await cluster.clock.advance(20_500);
  expect(state(cluster, web)).toBe('updating');
  await cluster.clock.advance(1_500);
  expect(state(cluster, web)).toBe('completed');
});

test('start-first keeps the old task until the new one runs', async () => {
  const [cluster, web] = await running({ UpdateConfig: config({ Order: 'start-first' }) }, 1);
  cluster.behave((task) => (task.Spec.ContainerSpec?.Image === 'nginx:2' ? { startTime: 5_000 } : {}));
  cluster.setImage(web, 'nginx:2');
  await cluster.clock.advance(4_000);
  expect(cluster.tasks(web).map((task) => [task.DesiredState, task.Status.State])).toEqual([
    ['running', 'running'],
    ['running', 'starting'],
  ]);
  await cluster.clock.advance(3_000);
  expect(cluster.tasks(web).map((task) => task.Status.State)).toEqual(['shutdown', 'running']);
});

test('start-first leaves the old task alone when the new one fails', async () => {
  const [cluster, web] = await running({ UpdateConfig: config({ Order: 'start-first' }) }, 1);
  const [old] = cluster.running(web);
  cluster.behave((task) => (task.Spec.ContainerSpec?.Image === 'nginx:2' ? { rejects: 'no' } : {}));
  cluster.setImage(web, 'nginx:2');
  await cluster.clock.advance(60_000);
  expect(cluster.running(web).map((task) => task.ID)).toEqual([old?.ID]);
  expect(state(cluster, web)).toBe('paused');
});

test('the first failure pauses an update, and what was begun stays', async () => {
  const [cluster, web] = await running();
  cluster.behave((task) => (task.Spec.ContainerSpec?.Image === 'nginx:2' ? { rejects: 'no' } : {}));
  cluster.setImage(web, 'nginx:2');
  await cluster.clock.advance(60_000);
  const status = cluster.service(web).UpdateStatus;
  const failed = /^update paused due to failure or early termination of task (\w+)$/.exec(status?.Message ?? '');
  expect(status?.State).toBe('paused');
  expect(failed).not.toBeNull();
  expect(images(cluster, web)).toEqual(['nginx', 'nginx']);
  expect(cluster.tasks(web).filter((task) => task.Status.State === 'rejected').length).toBeGreaterThan(1);
});

test('a task that ends while it is monitored counts as a failure, even with exit code 0', async () => {
  const [cluster, web] = await running();
  cluster.behave((task) => (task.Spec.ContainerSpec?.Image === 'nginx:2' ? { exitsAfter: 3_000 } : {}));
  cluster.setImage(web, 'nginx:2');
  await cluster.clock.advance(30_000);
  expect(state(cluster, web)).toBe('paused');
});

test('a task that ends after its monitoring is no failure of the update', async () => {
  const monitored = config({ Monitor: 2e9, Delay: 1e9 });
  const [cluster, web] = await running({ UpdateConfig: monitored });
  cluster.behave((task) => (task.Spec.ContainerSpec?.Image === 'nginx:2' ? { exitsAfter: 3_000 } : {}));
  cluster.setImage(web, 'nginx:2');
  await cluster.clock.advance(30_000);
  expect(state(cluster, web)).toBe('completed');
});

test('up to the maximum ratio failures are tolerated, beyond it not', async () => {
  const failing = (count: number) => {
    const chosen = new Set<number>();
    return (slot: number | undefined) => (chosen.size < count || chosen.has(slot ?? 0)) && chosen.add(slot ?? 0);
  };
  for (const [count, outcome] of [
    [1, 'completed'],
    [2, 'paused'],
  ] as const) {
    const [cluster, web] = await running({ UpdateConfig: config({ MaxFailureRatio: 0.25 }) }, 5);
    const fails = failing(count);
    cluster.behave((task) =>
      task.Spec.ContainerSpec?.Image === 'nginx:2' && fails(task.Slot) ? { failsToStart: 'no' } : {},
    );
    cluster.setImage(web, 'nginx:2');
    await cluster.clock.advance(60_000);
    expect(state(cluster, web)).toBe(outcome);
  }
});

test('continue goes on whatever fails', async () => {
  const [cluster, web] = await running({ UpdateConfig: config({ FailureAction: 'continue' }) });
  cluster.behave((task) => (task.Spec.ContainerSpec?.Image === 'nginx:2' ? { rejects: 'no' } : {}));
  cluster.setImage(web, 'nginx:2');
  await cluster.clock.advance(60_000);
  expect(state(cluster, web)).toBe('completed');
  expect(cluster.running(web)).toEqual([]);
});

test('rollback brings the previous spec back, under the rollback config', async () => {
  const [cluster, web] = await running({
    UpdateConfig: config({ FailureAction: 'rollback' }),
    RollbackConfig: config({ Parallelism: 0 }),
  });
  const before = cluster.service(web);
  const started: string[] = [];
  cluster.store.watch((events) => {
    for (const event of events)
      if (event.kind === 'services' && event.object.UpdateStatus?.State === 'rollback_started')
        started.push(event.object.UpdateStatus.Message);
  });
  cluster.behave((task) => (task.Spec.ContainerSpec?.Image === 'nginx:2' ? { rejects: 'no' } : {}));
  cluster.setImage(web, 'nginx:2');
  // The failed task is restarted with the spec of before, so that there is nothing left to replace.
  await cluster.clock.advanceUntil(() => state(cluster, web) === 'rollback_completed');
  expect(started[0]).toMatch(/^update rolled back due to failure or early termination of task \w+$/);
  expect(cluster.service(web).PreviousSpec).toBeUndefined();
  expect(cluster.service(web).specVersion).toBe(before.specVersion);
  await cluster.clock.advance(30_000);
  expect(cluster.service(web).UpdateStatus).toMatchObject({
    State: 'rollback_completed',
    Message: 'rollback completed',
  });
  expect(cluster.service(web).UpdateStatus?.CompletedAt).toBeDefined();
  expect(images(cluster, web)).toEqual(['nginx', 'nginx', 'nginx']);
});

test('an automatic rollback without a previous spec leaves the update where it is', async () => {
  const [cluster, web] = await running({ UpdateConfig: config({ FailureAction: 'rollback' }) });
  cluster.behave((task) => (task.Spec.ContainerSpec?.Image === 'nginx:2' ? { rejects: 'no' } : {}));
  cluster.setImage(web, 'nginx:2');
  const { PreviousSpec: _, ...service } = cluster.service(web);
  cluster.store.update((transaction) => transaction.update('services', service));
  await cluster.clock.advance(60_000);
  expect(state(cluster, web)).toBe('updating');
});

test('a manual rollback replaces what the update had replaced', async () => {
  const [cluster, web] = await running();
  cluster.setImage(web, 'nginx:2');
  await cluster.clock.advance(60_000);
  cluster.rollBackService(web);
  await cluster.clock.advance(60_000);
  expect(images(cluster, web)).toEqual(['nginx', 'nginx', 'nginx']);
  expect(state(cluster, web)).toBe('rollback_completed');
});

test('a rollback that has nothing to replace is complete at once', async () => {
  const [cluster, web] = await running();
  cluster.updateService(web, (spec) => ({ ...spec, Labels: { a: 'b' } }));
  expect(state(cluster, web)).toBeUndefined();
  cluster.rollBackService(web);
  expect(state(cluster, web)).toBe('rollback_completed');
});

test('a rollback whose tasks fail is paused with the message of an update', async () => {
  const [cluster, web] = await running();
  cluster.setImage(web, 'nginx:2');
  await cluster.clock.advance(60_000);
  cluster.behave((task) => (task.Spec.ContainerSpec?.Image === 'nginx' ? { rejects: 'no' } : {}));
  cluster.rollBackService(web);
  await cluster.clock.advance(60_000);
  expect(cluster.service(web).UpdateStatus).toMatchObject({
    State: 'rollback_paused',
    Message: expect.stringMatching(/^update paused due to failure/),
  });
});

test('a rollback that is to roll back on failure tells that it paused, and is completed all the same', async () => {
  const [cluster, web] = await running({ RollbackConfig: config({ FailureAction: 'rollback' }) });
  cluster.setImage(web, 'nginx:2');
  await cluster.clock.advance(60_000);
  const seen: string[] = [];
  cluster.store.watch((events) => {
    for (const event of events)
      if (event.kind === 'services' && event.object.UpdateStatus) seen.push(event.object.UpdateStatus.Message);
  });
  cluster.behave((task) => (task.Spec.ContainerSpec?.Image === 'nginx' ? { rejects: 'no' } : {}));
  cluster.rollBackService(web);
  await cluster.clock.advance(60_000);
  const paused = seen.findIndex((message) => message.startsWith('rollback paused due to failure'));
  expect(seen.indexOf('update completed')).toBeGreaterThan(paused);
  expect(paused).toBeGreaterThanOrEqual(0);
});

test('an update that touches no task leaves no status, but takes away the one of the last update', async () => {
  const [cluster, web] = await running();
  cluster.setImage(web, 'nginx:2');
  await cluster.clock.advance(60_000);
  expect(state(cluster, web)).toBe('completed');
  cluster.updateService(web, (spec) => ({ ...spec, Labels: { a: 'b' } }));
  await cluster.clock.advance(10_000);
  expect(cluster.service(web).UpdateStatus).toBeUndefined();
  expect(cluster.tasks(web)).toHaveLength(6);
});

test('an update that cannot place its new task stands still', async () => {
  const [cluster, web] = await running();
  cluster.setTemplate(web, { Placement: { Constraints: ['node.hostname==elsewhere'] }, ForceUpdate: 1 });
  await cluster.clock.advance(600_000);
  expect(state(cluster, web)).toBe('updating');
  expect(images(cluster, web)).toHaveLength(2);
  expect(cluster.tasks(web).find((task) => task.Status.State === 'pending')?.Status.Err).toBe(
    'no suitable node (scheduling constraints not satisfied on 3 nodes)',
  );
});

test('a new update takes the place of one that stands still or is paused', async () => {
  const [cluster, web] = await running();
  cluster.behave((task) => (task.Spec.ContainerSpec?.Image === 'bad' ? { rejects: 'no' } : {}));
  cluster.setImage(web, 'bad');
  await cluster.clock.advance(30_000);
  expect(state(cluster, web)).toBe('paused');
  cluster.setImage(web, 'good');
  await cluster.clock.advance(60_000);
  expect(state(cluster, web)).toBe('completed');
  expect(images(cluster, web)).toEqual(['good', 'good', 'good']);
});

test('a paused update makes no further step when something else happens', async () => {
  const [cluster, web] = await running();
  cluster.behave((task) => (task.Spec.ContainerSpec?.Image === 'bad' ? { rejects: 'no' } : {}));
  cluster.setImage(web, 'bad');
  await cluster.clock.advance(30_000);
  const { ID } = cluster.running(web)[0] ?? { ID: '' };
  cluster.store.update((transaction) => transaction.remove('tasks', ID));
  await cluster.clock.advance(30_000);
  expect(state(cluster, web)).toBe('paused');
  expect(images(cluster, web)).toEqual(['nginx']);
});

test('scaling up with a new spec makes the new tasks at once and rolls the old ones', async () => {
  const [cluster, web] = await running({ UpdateConfig: config({ Delay: 30e9 }) });
  cluster.updateService(web, (spec) => ({
    ...spec,
    Mode: { Replicated: { Replicas: 5 } },
    TaskTemplate: { ...spec.TaskTemplate, ContainerSpec: { Image: 'nginx:2' } },
  }));
  await cluster.clock.advance(2_000);
  expect(images(cluster, web).filter((image) => image === 'nginx:2')).toHaveLength(3);
  await cluster.clock.advance(120_000);
  expect(images(cluster, web)).toEqual(Array(5).fill('nginx:2'));
});

test('scaling down with a new spec updates the slots that stay', async () => {
  const [cluster, web] = await running();
  cluster.updateService(web, (spec) => ({
    ...spec,
    Mode: { Replicated: { Replicas: 1 } },
    TaskTemplate: { ...spec.TaskTemplate, ContainerSpec: { Image: 'nginx:2' } },
  }));
  await cluster.clock.advance(30_000);
  expect(images(cluster, web)).toEqual(['nginx:2']);
});

test('a running update is neither lost nor begun again by scaling or by a restart of the manager', async () => {
  const [cluster, web] = await running({ UpdateConfig: config({ Delay: 10e9 }) });
  cluster.setImage(web, 'nginx:2');
  await cluster.clock.advance(5_000);
  await cluster.restartManager();
  expect(state(cluster, web)).toBe('updating');
  await cluster.clock.advance(60_000);
  expect(state(cluster, web)).toBe('completed');
  expect(images(cluster, web)).toEqual(['nginx:2', 'nginx:2', 'nginx:2']);
  expect(cluster.tasks(web)).toHaveLength(6);
});

test('what was replaced half when the manager died is finished without a second replacement', async () => {
  const [cluster, web] = await running({}, 1);
  cluster.behave(() => ({ stopTime: 4_000 }));
  cluster.setImage(web, 'nginx:2');
  await cluster.clock.advance(1_000);
  await cluster.restartManager();
  await cluster.clock.advance(30_000);
  expect(cluster.tasks(web).map((task) => task.Status.State)).toEqual(['shutdown', 'running']);
  expect(state(cluster, web)).toBe('completed');
});

test('a change of the placement alone replaces only tasks whose node does not fit it', async () => {
  const [cluster, web] = await running();
  cluster.setTemplate(web, { Placement: { Constraints: ['node.id!=node1'] } });
  await cluster.clock.advance(60_000);
  expect(Object.keys(cluster.spread(web)).sort()).toEqual(['node2', 'node3']);
  expect(cluster.tasks(web)).toHaveLength(4);
});

test('a change of placement and ports together replaces nothing on nodes that fit', async () => {
  const [cluster, web] = await running({ EndpointSpec: { Mode: 'vip' } });
  cluster.updateService(web, (spec) => ({
    ...spec,
    EndpointSpec: { Mode: 'dnsrr' },
    TaskTemplate: { ...spec.TaskTemplate, Placement: { Constraints: ['node.id!=elsewhere'] } },
  }));
  await cluster.clock.advance(30_000);
  expect(cluster.tasks(web)).toHaveLength(3);
});

test('a change of the endpoint alone replaces tasks', async () => {
  const [cluster, web] = await running({ EndpointSpec: { Mode: 'vip' } });
  cluster.updateService(web, (spec) => ({ ...spec, EndpointSpec: { Mode: 'dnsrr' } }));
  await cluster.clock.advance(60_000);
  expect(cluster.tasks(web)).toHaveLength(6);
});

test('other registry credentials replace no task that has its image', async () => {
  const [cluster, web] = await running();
  cluster.setTemplate(web, { ContainerSpec: { Image: 'nginx', registryAuth: 'secret' } });
  await cluster.clock.advance(30_000);
  expect(cluster.tasks(web)).toHaveLength(3);
  expect(state(cluster, web)).toBeUndefined();
});
