import { expect, test } from 'vitest';
import { FakeCluster, serviceSpec } from './fake-cluster.ts';

const job = (MaxConcurrent: number, TotalCompletions: number) => ({
  Mode: { ReplicatedJob: { MaxConcurrent, TotalCompletions } },
});

const EXITS = { exitsAfter: 1_000, exitCode: 0 };

test('a replicated job runs so many tasks at a time until so many have completed, in slots from 0 on', async () => {
  const cluster = await FakeCluster.start(2);
  cluster.behave(() => EXITS);
  const work = cluster.createService(serviceSpec('work', job(2, 5)));
  await cluster.clock.advance(700);
  expect(cluster.tasks(work).map((task) => [task.Slot, task.DesiredState])).toEqual([
    [0, 'complete'],
    [1, 'complete'],
  ]);
  await cluster.clock.advance(20_000);
  expect(cluster.tasks(work).map((task) => [task.Slot, task.Status.State, task.Status.Message])).toEqual(
    [0, 1, 2, 3, 4].map((slot) => [slot, 'complete', 'finished']),
  );
  expect(new Set(cluster.tasks(work).map((task) => task.DesiredState))).toEqual(new Set(['complete']));
});

test('a failed task of a job is replaced in its slot, a completed one never', async () => {
  const cluster = await FakeCluster.start(1);
  const failing = new Set<string>();
  cluster.behave((task) => {
    if (failing.size === 0) failing.add(task.ID);
    return { exitsAfter: 500, exitCode: failing.has(task.ID) ? 1 : 0 };
  });
  const work = cluster.createService(serviceSpec('work', job(1, 1)));
  await cluster.clock.advance(30_000);
  expect(cluster.tasks(work).map((task) => [task.Slot, task.DesiredState, task.Status.State])).toEqual([
    [0, 'shutdown', 'failed'],
    [0, 'complete', 'complete'],
  ]);
});

test('an update runs the job again and takes away what still runs of the last time', async () => {
  const cluster = await FakeCluster.start(1);
  cluster.behave((task) => (task.Slot === 0 ? EXITS : {}));
  const work = cluster.createService(serviceSpec('work', job(2, 2)));
  await cluster.clock.advance(5_000);
  cluster.behave(() => EXITS);
  cluster.updateService(work, (spec) => ({ ...spec, TaskTemplate: { ...spec.TaskTemplate, ForceUpdate: 1 } }));
  await cluster.clock.advance(10_000);
  expect(cluster.tasks(work).map((task) => [task.JobIteration?.Index, task.Slot, task.Status.State])).toEqual([
    [0, 0, 'complete'],
    [1, 0, 'complete'],
    [1, 1, 'complete'],
  ]);
});

test('the history of a job is kept', async () => {
  const cluster = await FakeCluster.start(1);
  cluster.behave(() => EXITS);
  const work = cluster.createService(serviceSpec('work', job(1, 1)));
  for (let time = 1; time <= 8; time++) {
    await cluster.clock.advance(5_000);
    cluster.updateService(work, (spec) => ({ ...spec, TaskTemplate: { ...spec.TaskTemplate, ForceUpdate: time } }));
  }
  await cluster.clock.advance(5_000);
  expect(cluster.tasks(work)).toHaveLength(9);
});

test('a global job runs once on every node that is ready and fits', async () => {
  const cluster = await FakeCluster.start(3);
  cluster.behave(() => EXITS);
  cluster.setNode('node2', { Availability: 'pause' });
  const work = cluster.createService(serviceSpec('work', { Mode: { GlobalJob: {} } }));
  await cluster.clock.advance(10_000);
  expect(cluster.tasks(work).map((task) => [task.NodeID, task.Status.State])).toEqual([
    ['node1', 'complete'],
    ['node3', 'complete'],
  ]);
});

test('a node that comes later gets its task when the global job is looked at next', async () => {
  const cluster = await FakeCluster.start(1);
  cluster.behave(() => EXITS);
  const work = cluster.createService(serviceSpec('work', { Mode: { GlobalJob: {} } }));
  await cluster.clock.advance(10_000);
  cluster.addNode('node2').behaviour = () => EXITS;
  await cluster.clock.advance(10_000);
  expect(cluster.tasks(work)).toHaveLength(1);
  cluster.store.update((transaction) => transaction.update('services', cluster.service(work)));
  await cluster.clock.advance(10_000);
  expect(cluster.tasks(work).map((task) => task.NodeID)).toEqual(['node1', 'node2']);
});

test('another iteration of a global job does away with all tasks of the last one', async () => {
  const cluster = await FakeCluster.start(2);
  cluster.behave(() => EXITS);
  const work = cluster.createService(serviceSpec('work', { Mode: { GlobalJob: {} } }));
  await cluster.clock.advance(10_000);
  cluster.updateService(work, (spec) => ({ ...spec, TaskTemplate: { ...spec.TaskTemplate, ForceUpdate: 1 } }));
  await cluster.clock.advance(10_000);
  expect(cluster.tasks(work).map((task) => task.JobIteration?.Index)).toEqual([1, 1]);
});

test('a maximum of attempts holds for replicated jobs and not for global ones', async () => {
  const policy = { Delay: 1e9, MaxAttempts: 1 };
  const failing = { exitsAfter: 100, exitCode: 1 };
  const template = { ContainerSpec: { Image: 'nginx' }, RestartPolicy: policy };
  const cluster = await FakeCluster.start(1);
  cluster.behave(() => failing);
  const replicated = cluster.createService(serviceSpec('replicated', { ...job(1, 1), TaskTemplate: template }));
  const global = cluster.createService(serviceSpec('global', { Mode: { GlobalJob: {} }, TaskTemplate: template }));
  await cluster.clock.advance(30_000);
  expect(cluster.tasks(replicated)).toHaveLength(2);
  expect(cluster.tasks(global).length).toBeGreaterThan(5);
});

test('a removed job takes its tasks along', async () => {
  const cluster = await FakeCluster.start(1);
  const work = cluster.createService(serviceSpec('work', job(2, 2)));
  await cluster.clock.advance(5_000);
  cluster.removeService(work);
  await cluster.clock.advance(5_000);
  expect(cluster.tasks(work)).toEqual([]);
});

test('a job goes on where it was after a restart of the manager', async () => {
  const cluster = await FakeCluster.start(2);
  cluster.behave(() => ({ exitsAfter: 3_000, exitCode: 0 }));
  const work = cluster.createService(serviceSpec('work', job(2, 6)));
  await cluster.clock.advance(5_000);
  await cluster.restartManager(5_000);
  await cluster.clock.advance(30_000);
  expect(cluster.tasks(work).map((task) => [task.Slot, task.Status.State])).toEqual(
    [0, 1, 2, 3, 4, 5].map((slot) => [slot, 'complete']),
  );
});
