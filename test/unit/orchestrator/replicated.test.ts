import { expect, test } from 'vitest';
import { FakeCluster, serviceSpec } from './fake-cluster.ts';

const replicated = (Replicas: number) => ({ Mode: { Replicated: { Replicas } } });

test('a new service gets its replicas in slots from 1 on, spread over the nodes', async () => {
  const cluster = await FakeCluster.start(3);
  const web = cluster.createService(serviceSpec('web', replicated(6)));
  await cluster.untilRunning(web, 6);
  expect(cluster.tasks(web).map((task) => task.Slot)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(cluster.spread(web)).toEqual({ node1: 2, node2: 2, node3: 2 });
});

test('a task goes through its states with the messages of Swarm', async () => {
  const cluster = await FakeCluster.start(1);
  const seen: string[] = [];
  cluster.store.watch((events) => {
    for (const event of events)
      if (event.kind === 'tasks') seen.push(`${event.object.Status.State}: ${event.object.Status.Message}`);
  });
  const web = cluster.createService(serviceSpec('web'));
  await cluster.untilRunning(web, 1);
  expect(seen.slice(0, 3)).toEqual([
    'new: created',
    'pending: pending task scheduling',
    'assigned: scheduler assigned task to node',
  ]);
  expect(seen.at(-1)).toBe('running: started');
});

test('scaling up fills the lowest free slots and restarts nothing', async () => {
  const cluster = await FakeCluster.start(2);
  const web = cluster.createService(serviceSpec('web', replicated(2)));
  await cluster.untilRunning(web, 2);
  const before = cluster.running(web).map((task) => task.ID);
  cluster.scale(web, 4);
  await cluster.untilRunning(web, 4);
  expect(cluster.tasks(web).map((task) => task.Slot)).toEqual([1, 2, 3, 4]);
  expect(cluster.running(web).map((task) => task.ID)).toEqual(expect.arrayContaining(before));
  expect(cluster.service(web).UpdateStatus).toBeUndefined();
});

test('scaling down takes the surplus of the fullest node first, then the highest slot', async () => {
  const cluster = await FakeCluster.start(3);
  const web = cluster.createService(serviceSpec('web', replicated(6)));
  await cluster.untilRunning(web, 6);
  cluster.scale(web, 2);
  await cluster.clock.advance(5_000);
  expect(cluster.running(web).map((task) => task.Slot)).toEqual([1, 2]);
  expect(cluster.spread(web)).toEqual({ node1: 1, node2: 1 });
  expect(cluster.tasks(web)).toHaveLength(2);
});

test('a service scaled to nothing has no tasks', async () => {
  const cluster = await FakeCluster.start(2);
  const web = cluster.createService(serviceSpec('web', replicated(3)));
  await cluster.untilRunning(web, 3);
  cluster.scale(web, 0);
  await cluster.clock.advance(5_000);
  expect(cluster.tasks(web)).toEqual([]);
});

test('tasks of a removed service are told to go, and go once their containers have stopped', async () => {
  const cluster = await FakeCluster.start(1);
  cluster.behave(() => ({ stopTime: 10_000 }));
  const web = cluster.createService(serviceSpec('web'));
  await cluster.untilRunning(web, 1);
  cluster.removeService(web);
  expect(cluster.tasks(web).map((task) => task.DesiredState)).toEqual(['remove']);
  await cluster.clock.advance(9_000);
  expect(cluster.tasks(web)).toHaveLength(1);
  await cluster.clock.advance(2_000);
  expect(cluster.tasks(web)).toEqual([]);
  expect(cluster.agent('node1').tasks.size).toBe(0);
});

test('a task that someone deletes is made again', async () => {
  const cluster = await FakeCluster.start(1);
  const web = cluster.createService(serviceSpec('web'));
  await cluster.untilRunning(web, 1);
  const [task] = cluster.running(web);
  cluster.store.update((transaction) => transaction.remove('tasks', task?.ID ?? ''));
  await cluster.untilRunning(web, 1);
  expect(cluster.running(web)[0]?.ID).not.toBe(task?.ID);
  expect(cluster.running(web)[0]?.Slot).toBe(1);
});
