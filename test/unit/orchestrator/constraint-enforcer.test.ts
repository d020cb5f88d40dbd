import { expect, test } from 'vitest';
import { FakeCluster, serviceSpec } from './fake-cluster.ts';

test('a task whose node loses a label it needs is rejected and goes to a node that has it', async () => {
  const cluster = await FakeCluster.start(2);
  cluster.setNode('node1', { Labels: { disk: 'ssd' } });
  const spec = serviceSpec('web');
  spec.TaskTemplate.Placement = { Constraints: ['node.labels.disk==ssd'] };
  const web = cluster.createService(spec);
  await cluster.untilRunning(web, 1);
  cluster.setNode('node2', { Labels: { disk: 'ssd' } });
  cluster.setNode('node1', { Labels: {} });
  expect(cluster.tasks(web)[0]?.Status).toMatchObject({
    State: 'rejected',
    Message: 'task rejected by constraint enforcer',
    Err: 'assigned node no longer meets constraints',
  });
  await cluster.clock.advance(10_000);
  expect(cluster.spread(web)).toEqual({ node2: 1 });
  expect(cluster.agent('node1').runningTasks()).toEqual([]);
});

test('what a smaller node can no longer carry has to go', async () => {
  const cluster = await FakeCluster.start(2);
  const spec = serviceSpec('web', { Mode: { Replicated: { Replicas: 2 } } });
  spec.TaskTemplate.Placement = { Constraints: ['node.id==node1'] };
  spec.TaskTemplate.Resources = { Reservations: { NanoCPUs: 2e9 } };
  const web = cluster.createService(spec);
  await cluster.untilRunning(web, 2);
  const agent = cluster.agent('node1');
  agent.description = { ...agent.description, Resources: { NanoCPUs: 3e9, MemoryBytes: 2 ** 33 } };
  agent.send({ type: 'description', description: agent.description });
  await cluster.clock.advance(1_000);
  expect(cluster.tasks(web).filter((task) => task.Status.State === 'rejected')).toHaveLength(1);
  expect(cluster.running(web)).toHaveLength(1);
});

test('a paused node is left alone', async () => {
  const cluster = await FakeCluster.start(1);
  cluster.setNode('node1', { Labels: { disk: 'ssd' } });
  const spec = serviceSpec('web');
  spec.TaskTemplate.Placement = { Constraints: ['node.labels.disk==ssd'] };
  const web = cluster.createService(spec);
  await cluster.untilRunning(web, 1);
  cluster.setNode('node1', { Availability: 'pause', Labels: {} });
  await cluster.clock.advance(1_000);
  expect(cluster.running(web)).toHaveLength(1);
});

test('a global service leaves a node that does not fit any more, without a replacement there', async () => {
  const cluster = await FakeCluster.start(2);
  for (const id of ['node1', 'node2']) cluster.setNode(id, { Labels: { disk: 'ssd' } });
  const spec = serviceSpec('web', { Mode: { Global: {} } });
  spec.TaskTemplate.Placement = { Constraints: ['node.labels.disk==ssd'] };
  const web = cluster.createService(spec);
  await cluster.untilRunning(web, 2);
  cluster.setNode('node1', { Labels: {} });
  await cluster.clock.advance(30_000);
  expect(cluster.spread(web)).toEqual({ node2: 1 });
  expect(cluster.tasks(web)).toHaveLength(2);
});
