import { expect, test } from 'vitest';
import { FakeCluster, serviceSpec } from './fake-cluster.ts';

/** Crashes the service's running task of a slot and waits for its replacement. */
async function crash(cluster: FakeCluster, service: string, times: number): Promise<void> {
  for (let time = 0; time < times; time++) {
    const [task] = cluster.running(service);
    cluster.agent(task?.NodeID).crash(task?.ID ?? '');
    await cluster.clock.advance(8_000);
  }
}

test('a slot keeps five tasks, the live one included', async () => {
  const cluster = await FakeCluster.start(1);
  const web = cluster.createService(serviceSpec('web'));
  await cluster.untilRunning(web, 1);
  await crash(cluster, web, 8);
  expect(cluster.tasks(web)).toHaveLength(5);
  expect(cluster.tasks(web).filter((task) => task.Status.State === 'running')).toHaveLength(1);
});

test('the history is cleaned when a task is made, not when one ends', async () => {
  const cluster = await FakeCluster.start(1, { historyLimit: 2 });
  const web = cluster.createService(serviceSpec('web'));
  await cluster.untilRunning(web, 1);
  await crash(cluster, web, 1);
  const [task] = cluster.running(web);
  cluster.agent('node1').crash(task?.ID ?? '');
  await cluster.clock.advance(340);
  expect(cluster.tasks(web)).toHaveLength(3);
  await cluster.clock.advance(100);
  expect(cluster.tasks(web)).toHaveLength(2);
});

test('a negative limit keeps everything', async () => {
  const cluster = await FakeCluster.start(1, { historyLimit: -1 });
  const web = cluster.createService(serviceSpec('web'));
  await cluster.untilRunning(web, 1);
  await crash(cluster, web, 8);
  expect(cluster.tasks(web)).toHaveLength(9);
});

test('a limit on attempts takes the place of the history limit', async () => {
  const cluster = await FakeCluster.start(1);
  const TaskTemplate = { ContainerSpec: { Image: 'nginx' }, RestartPolicy: { MaxAttempts: 1, Window: 1e9 } };
  const web = cluster.createService(serviceSpec('web', { TaskTemplate }));
  await cluster.untilRunning(web, 1);
  await crash(cluster, web, 6);
  expect(cluster.tasks(web)).toHaveLength(2);
});

test('a global service keeps its history node by node', async () => {
  const cluster = await FakeCluster.start(2, { historyLimit: 2 });
  const web = cluster.createService(serviceSpec('web', { Mode: { Global: {} } }));
  await cluster.untilRunning(web, 2);
  for (const nodeId of ['node1', 'node2', 'node1', 'node2', 'node1']) {
    const task = cluster.running(web).find((candidate) => candidate.NodeID === nodeId);
    cluster.agent(nodeId).crash(task?.ID ?? '');
    await cluster.clock.advance(8_000);
  }
  expect(cluster.tasks(web).filter((task) => task.NodeID === 'node1')).toHaveLength(2);
  expect(cluster.tasks(web).filter((task) => task.NodeID === 'node2')).toHaveLength(2);
});

test('tasks that were to be removed when the manager died are removed by the next one', async () => {
  const cluster = await FakeCluster.start(1);
  cluster.behave(() => ({ stopTime: 5_000 }));
  const web = cluster.createService(serviceSpec('web', { Mode: { Replicated: { Replicas: 2 } } }));
  await cluster.untilRunning(web, 2);
  cluster.scale(web, 1);
  await cluster.clock.advance(200);
  await cluster.restartManager(10_000);
  await cluster.clock.advance(2_000);
  expect(cluster.tasks(web)).toHaveLength(1);
});

test('tasks whose service is gone are deleted when a manager starts', async () => {
  const cluster = await FakeCluster.start(1);
  const web = cluster.createService(serviceSpec('web'));
  await cluster.untilRunning(web, 1);
  const restarted = cluster.restartManager(1_000);
  cluster.removeService(web);
  await restarted;
  await cluster.clock.advance(1_000);
  expect(cluster.tasks(web)).toEqual([]);
  expect(cluster.agent('node1').tasks.size).toBe(0);
});
