import { expect, test } from 'vitest';
import { FakeCluster, serviceSpec } from './fake-cluster.ts';

const GLOBAL = { Mode: { Global: {} } };

const nodesOf = (cluster: FakeCluster, service: string) =>
  cluster
    .running(service)
    .map((task) => task.NodeID)
    .sort();

test('every node gets one task, without a slot, confirmed by the scheduler', async () => {
  const cluster = await FakeCluster.start(3);
  const messages: string[] = [];
  cluster.store.watch((events) => {
    for (const event of events)
      if (event.kind === 'tasks' && event.object.Status.State === 'assigned')
        messages.push(event.object.Status.Message);
  });
  const web = cluster.createService(serviceSpec('web', GLOBAL));
  await cluster.untilRunning(web, 3);
  expect(nodesOf(cluster, web)).toEqual(['node1', 'node2', 'node3']);
  expect(cluster.tasks(web).map((task) => task.Slot)).toEqual([undefined, undefined, undefined]);
  expect(new Set(messages)).toEqual(new Set(['scheduler confirmed task can run on preassigned node']));
});

test('a node that joins gets its task', async () => {
  const cluster = await FakeCluster.start(1);
  const web = cluster.createService(serviceSpec('web', GLOBAL));
  await cluster.untilRunning(web, 1);
  cluster.addNode('node2');
  await cluster.untilRunning(web, 2);
});

test('only nodes that meet the constraints get a task, now and when labels change', async () => {
  const cluster = await FakeCluster.start(2);
  cluster.setNode('node1', { Labels: { disk: 'ssd' } });
  const spec = serviceSpec('web', GLOBAL);
  spec.TaskTemplate.Placement = { Constraints: ['node.labels.disk==ssd'] };
  const web = cluster.createService(spec);
  await cluster.clock.advance(2_000);
  expect(nodesOf(cluster, web)).toEqual(['node1']);
  cluster.setNode('node2', { Labels: { disk: 'ssd' } });
  await cluster.untilRunning(web, 2);
});

test('draining shuts the task down without a replacement, and activating brings one', async () => {
  const cluster = await FakeCluster.start(2);
  const web = cluster.createService(serviceSpec('web', GLOBAL));
  await cluster.untilRunning(web, 2);
  cluster.setNode('node1', { Availability: 'drain' });
  await cluster.clock.advance(30_000);
  expect(nodesOf(cluster, web)).toEqual(['node2']);
  expect(cluster.tasks(web)).toHaveLength(2);
  cluster.setNode('node1', { Availability: 'active' });
  await cluster.untilRunning(web, 2);
});

test('a paused node keeps its task, but gets none and none replaced', async () => {
  const cluster = await FakeCluster.start(2);
  const web = cluster.createService(serviceSpec('web', GLOBAL));
  await cluster.untilRunning(web, 2);
  cluster.setNode('node1', { Availability: 'pause' });
  cluster.setNode('node2', { Availability: 'pause' });
  const other = cluster.createService(serviceSpec('other', GLOBAL));
  await cluster.clock.advance(10_000);
  expect(nodesOf(cluster, web)).toEqual(['node1', 'node2']);
  expect(cluster.tasks(other)).toEqual([]);
  cluster.agent('node1').crash(cluster.running(web).find((task) => task.NodeID === 'node1')?.ID ?? '');
  await cluster.clock.advance(30_000);
  expect(nodesOf(cluster, web)).toEqual(['node2']);
  cluster.setNode('node1', { Availability: 'active' });
  await cluster.untilRunning(web, 2);
});

test('a task of a node that is down is shut down, frozen, and made anew when the node is back', async () => {
  const cluster = await FakeCluster.start(2);
  const web = cluster.createService(serviceSpec('web', GLOBAL));
  await cluster.untilRunning(web, 2);
  cluster.agent('node1').cut();
  await cluster.clock.advance(60_000);
  expect(cluster.tasks(web).map((task) => [task.NodeID, task.DesiredState, task.Status.State])).toContainEqual([
    'node1',
    'shutdown',
    'running',
  ]);
  expect(cluster.tasks(web)).toHaveLength(2);
  cluster.agent('node1').connect();
  await cluster.untilRunning(web, 2);
});

test('tasks of a removed node are deleted', async () => {
  const cluster = await FakeCluster.start(2);
  const web = cluster.createService(serviceSpec('web', GLOBAL));
  await cluster.untilRunning(web, 2);
  cluster.removeNode('node1');
  expect(cluster.tasks(web).map((task) => task.NodeID)).toEqual(['node2']);
});

test('a failed task is restarted on its node after the delay', async () => {
  const cluster = await FakeCluster.start(2);
  const web = cluster.createService(serviceSpec('web', GLOBAL));
  await cluster.untilRunning(web, 2);
  cluster.agent('node1').crash(cluster.running(web).find((task) => task.NodeID === 'node1')?.ID ?? '');
  await cluster.clock.advance(3_000);
  expect(nodesOf(cluster, web)).toEqual(['node2']);
  await cluster.clock.advance(4_000);
  expect(nodesOf(cluster, web)).toEqual(['node1', 'node2']);
});

test('a task that does not fit its node stays pending and says why, without the words for placed tasks', async () => {
  const cluster = await FakeCluster.start(1);
  const spec = serviceSpec('web', GLOBAL);
  spec.TaskTemplate.Resources = { Reservations: { NanoCPUs: 100e9 } };
  const web = cluster.createService(spec);
  await cluster.clock.advance(2_000);
  expect(cluster.tasks(web)[0]?.Status).toMatchObject({ State: 'pending', Err: 'insufficient resources on 1 node' });
  const agent = cluster.agent('node1');
  agent.description = { ...agent.description, Resources: { NanoCPUs: 200e9, MemoryBytes: 2 ** 33 } };
  agent.send({ type: 'description', description: agent.description });
  await cluster.untilRunning(web, 1);
  expect(cluster.tasks(web)[0]?.Status.Err).toBeUndefined();
});

test('an update goes node by node under the update config', async () => {
  const cluster = await FakeCluster.start(3);
  const web = cluster.createService(serviceSpec('web', GLOBAL));
  await cluster.untilRunning(web, 3);
  cluster.setImage(web, 'nginx:2');
  expect(cluster.tasks(web).filter((task) => task.DesiredState === 'shutdown')).toHaveLength(1);
  await cluster.clock.advance(60_000);
  expect(cluster.service(web).UpdateStatus?.State).toBe('completed');
  expect(nodesOf(cluster, web)).toEqual(['node1', 'node2', 'node3']);
});

test('a paused node is brought up to date when it becomes active, outside of any update', async () => {
  const cluster = await FakeCluster.start(2);
  const web = cluster.createService(serviceSpec('web', GLOBAL));
  await cluster.untilRunning(web, 2);
  cluster.setNode('node1', { Availability: 'pause' });
  cluster.setImage(web, 'nginx:2');
  await cluster.clock.advance(30_000);
  expect(
    cluster
      .running(web)
      .map((task) => task.Spec.ContainerSpec?.Image)
      .sort(),
  ).toEqual(['nginx', 'nginx:2']);
  cluster.setNode('node1', { Availability: 'active' });
  await cluster.clock.advance(5_000);
  expect(cluster.running(web).map((task) => task.Spec.ContainerSpec?.Image)).toEqual(['nginx:2', 'nginx:2']);
  expect(cluster.service(web).UpdateStatus?.State).toBe('completed');
});

test('tasks of a removed service go', async () => {
  const cluster = await FakeCluster.start(2);
  const web = cluster.createService(serviceSpec('web', GLOBAL));
  await cluster.untilRunning(web, 2);
  cluster.removeService(web);
  await cluster.clock.advance(2_000);
  expect(cluster.tasks(web)).toEqual([]);
});

test('a restart of the manager neither adds nor restarts a task', async () => {
  const cluster = await FakeCluster.start(3);
  const web = cluster.createService(serviceSpec('web', GLOBAL));
  await cluster.untilRunning(web, 3);
  const before = cluster.tasks(web).map((task) => task.ID);
  await cluster.restartManager(10_000);
  await cluster.clock.advance(60_000);
  expect(cluster.tasks(web).map((task) => task.ID)).toEqual(before);
});
