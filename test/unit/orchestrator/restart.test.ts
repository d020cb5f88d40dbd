import { expect, test } from 'vitest';
import type { RestartPolicy } from '../../../server/orchestrator/model/specs.ts';
import { FakeCluster, serviceSpec } from './fake-cluster.ts';

const restart = (RestartPolicy: RestartPolicy, Replicas = 1) => ({
  Mode: { Replicated: { Replicas } },
  TaskTemplate: { ContainerSpec: { Image: 'nginx' }, RestartPolicy },
});

const states = (cluster: FakeCluster, service: string) =>
  cluster.tasks(service).map((task) => `${task.DesiredState} ${task.Status.State}`);

test('a crashed task is replaced at once, and the replacement waits in READY until five seconds have passed', async () => {
  const cluster = await FakeCluster.start(1);
  const web = cluster.createService(serviceSpec('web'));
  await cluster.untilRunning(web, 1);
  cluster.agent('node1').crash(cluster.running(web)[0]?.ID ?? '');
  await cluster.clock.advance(400);
  expect(states(cluster, web)).toEqual(['shutdown failed', 'ready ready']);
  expect(cluster.tasks(web)[0]?.Status.Err).toBe('task: non-zero exit (1)');
  expect(cluster.tasks(web)[0]?.Status.Message).toBe('started');
  await cluster.clock.advance(4_400);
  expect(states(cluster, web)).toEqual(['shutdown failed', 'ready ready']);
  await cluster.clock.advance(1_000);
  expect(states(cluster, web)).toEqual(['shutdown failed', 'running running']);
  expect(cluster.tasks(web).map((task) => task.Slot)).toEqual([1, 1]);
});

test('an explicit delay of zero is honoured', async () => {
  const cluster = await FakeCluster.start(1);
  const web = cluster.createService(serviceSpec('web', restart({ Delay: 0 })));
  await cluster.untilRunning(web, 1);
  cluster.agent('node1').crash(cluster.running(web)[0]?.ID ?? '');
  await cluster.clock.advance(600);
  expect(states(cluster, web)).toEqual(['shutdown failed', 'running running']);
});

test('a task that is rejected over and over is tried once a delay, and only the last five are kept', async () => {
  const cluster = await FakeCluster.start(1);
  cluster.behave(() => ({ rejects: 'No such image: nope:latest' }));
  const web = cluster.createService(serviceSpec('web'));
  const made: string[] = [];
  cluster.store.watch((events) => {
    for (const event of events) if (event.kind === 'tasks' && event.action === 'create') made.push(event.object.ID);
  });
  await cluster.clock.advance(60_000);
  expect(made.length).toBeGreaterThanOrEqual(10);
  expect(made.length).toBeLessThanOrEqual(14);
  expect(cluster.tasks(web)).toHaveLength(5);
  expect(cluster.tasks(web)[0]?.Status).toMatchObject({
    State: 'rejected',
    Message: 'preparing',
    Err: 'No such image: nope:latest',
  });
});

test('condition none leaves an ended task as it is, and its slot still counts', async () => {
  const cluster = await FakeCluster.start(1);
  const web = cluster.createService(serviceSpec('web', restart({ Condition: 'none' }, 2)));
  await cluster.untilRunning(web, 2);
  cluster.agent('node1').crash(cluster.running(web)[0]?.ID ?? '', 0);
  await cluster.clock.advance(30_000);
  expect(states(cluster, web)).toEqual(['shutdown complete', 'running running']);
  cluster.scale(web, 3);
  await cluster.clock.advance(1_000);
  expect(cluster.tasks(web).map((task) => task.Slot)).toEqual([1, 2, 3]);
});

test('condition on-failure replaces a failed task and leaves a completed one', async () => {
  const cluster = await FakeCluster.start(1);
  const web = cluster.createService(serviceSpec('web', restart({ Condition: 'on-failure' }, 2)));
  await cluster.untilRunning(web, 2);
  const [first, second] = cluster.running(web);
  cluster.agent('node1').crash(first?.ID ?? '', 0);
  cluster.agent('node1').crash(second?.ID ?? '', 3);
  await cluster.clock.advance(30_000);
  expect(states(cluster, web)).toEqual(['shutdown complete', 'shutdown failed', 'running running']);
});

test('a task runs once more than its maximum of attempts says', async () => {
  const cluster = await FakeCluster.start(1);
  cluster.behave(() => ({ exitsAfter: 100, exitCode: 1 }));
  const web = cluster.createService(serviceSpec('web', restart({ Condition: 'any', Delay: 1e9, MaxAttempts: 2 })));
  await cluster.clock.advance(60_000);
  expect(states(cluster, web)).toEqual(['shutdown failed', 'shutdown failed', 'shutdown failed']);
  expect(cluster.orchestrators.restarts(cluster.tasks(web)[0]?.ID ?? '')).toEqual({ done: 2, limit: 2 });
});

test('another spec gives a slot all its attempts again', async () => {
  const cluster = await FakeCluster.start(1);
  cluster.behave((task) => (task.Spec.ContainerSpec?.Image === 'bad' ? { exitsAfter: 100, exitCode: 1 } : {}));
  const spec = serviceSpec('web', restart({ Delay: 1e9, MaxAttempts: 1 }));
  spec.TaskTemplate.ContainerSpec = { Image: 'bad' };
  const web = cluster.createService(spec);
  await cluster.clock.advance(30_000);
  expect(cluster.running(web)).toEqual([]);
  cluster.setTemplate(web, { ContainerSpec: { Image: 'good' } });
  await cluster.untilRunning(web, 1);
});

test('restarts before the window are forgiven', async () => {
  const cluster = await FakeCluster.start(1);
  cluster.behave(() => ({ exitsAfter: 20_000, exitCode: 1 }));
  const policy = { Delay: 1e9, MaxAttempts: 1, Window: 10e9 };
  const web = cluster.createService(serviceSpec('web', restart(policy)));
  await cluster.clock.advance(300_000);
  expect(cluster.tasks(web).some((task) => task.DesiredState === 'running')).toBe(true);

  const eager = await FakeCluster.start(1);
  eager.behave(() => ({ exitsAfter: 2_000, exitCode: 1 }));
  const other = eager.createService(serviceSpec('web', restart(policy)));
  await eager.clock.advance(300_000);
  expect(states(eager, other)).toEqual(['shutdown failed', 'shutdown failed']);
});

test('tasks of a drained node move at once, each replacement starting when the old task has stopped', async () => {
  const cluster = await FakeCluster.start(2);
  cluster.behave(() => ({ stopTime: 4_000 }));
  const web = cluster.createService(serviceSpec('web', restart({}, 2)));
  await cluster.untilRunning(web, 2);
  cluster.setNode('node1', { Availability: 'drain' });
  await cluster.clock.advance(1_000);
  expect(states(cluster, web)).toEqual(['shutdown running', 'ready ready', 'running running']);
  await cluster.clock.advance(4_500);
  expect(cluster.spread(web)).toEqual({ node2: 2 });
  expect(cluster.clock.now() - Date.parse(cluster.running(web)[0]?.CreatedAt ?? '')).toBeLessThan(6_000);
});

test('a replacement does not wait longer than a minute for the old task', async () => {
  const cluster = await FakeCluster.start(2);
  cluster.behave((task) => (task.NodeID === 'node1' ? { stopTime: 3_600_000 } : {}));
  const web = cluster.createService(serviceSpec('web', restart({}, 2)));
  await cluster.untilRunning(web, 2);
  cluster.setNode('node1', { Availability: 'drain' });
  await cluster.clock.advance(59_000);
  expect(cluster.running(web)).toHaveLength(1);
  await cluster.clock.advance(2_000);
  expect(cluster.spread(web)).toEqual({ node2: 2 });
});

test('tasks of a node that is down are replaced after the delay, and the old ones look as they last did', async () => {
  const cluster = await FakeCluster.start(2);
  const web = cluster.createService(serviceSpec('web', restart({}, 2)));
  await cluster.untilRunning(web, 2);
  cluster.agent('node1').cut();
  await cluster.clock.advance(17_000);
  expect(cluster.node('node1').Status).toMatchObject({ State: 'down', Message: 'heartbeat failure' });
  expect(states(cluster, web)).toEqual(['shutdown running', 'ready ready', 'running running']);
  await cluster.clock.advance(5_000);
  expect(cluster.spread(web)).toEqual({ node2: 2 });
  cluster.agent('node1').connect();
  await cluster.clock.advance(1_000);
  expect(cluster.node('node1').Status.State).toBe('ready');
  expect(states(cluster, web)).toEqual(['shutdown shutdown', 'running running', 'running running']);
  expect(cluster.agent('node1').runningTasks()).toEqual([]);
});

test('condition none does not move tasks off a drained node', async () => {
  const cluster = await FakeCluster.start(2);
  const web = cluster.createService(serviceSpec('web', restart({ Condition: 'none' }, 2)));
  await cluster.untilRunning(web, 2);
  cluster.setNode('node1', { Availability: 'drain' });
  await cluster.clock.advance(30_000);
  expect(states(cluster, web)).toEqual(['shutdown shutdown', 'running running']);
});

test('a paused node keeps its tasks, and what fails there goes elsewhere', async () => {
  const cluster = await FakeCluster.start(2);
  const web = cluster.createService(serviceSpec('web', restart({}, 2)));
  await cluster.untilRunning(web, 2);
  cluster.setNode('node1', { Availability: 'pause' });
  await cluster.clock.advance(10_000);
  expect(cluster.spread(web)).toEqual({ node1: 1, node2: 1 });
  cluster.agent('node1').crash(cluster.running(web).find((task) => task.NodeID === 'node1')?.ID ?? '');
  await cluster.clock.advance(10_000);
  expect(cluster.spread(web)).toEqual({ node2: 2 });
});

test('nothing moves back when a node becomes active again', async () => {
  const cluster = await FakeCluster.start(2);
  const web = cluster.createService(serviceSpec('web', restart({}, 4)));
  await cluster.untilRunning(web, 4);
  cluster.setNode('node1', { Availability: 'drain' });
  await cluster.clock.advance(10_000);
  cluster.setNode('node1', { Availability: 'active' });
  await cluster.clock.advance(60_000);
  expect(cluster.spread(web)).toEqual({ node2: 4 });
});

test('tasks of a removed node are orphaned and made again elsewhere', async () => {
  const cluster = await FakeCluster.start(2);
  const web = cluster.createService(serviceSpec('web', restart({}, 2)));
  await cluster.untilRunning(web, 2);
  cluster.removeNode('node1');
  expect(cluster.tasks(web)[0]?.Status.Message).toBe('Task belonged to a node that has been deleted');
  await cluster.clock.advance(6_000);
  expect(cluster.spread(web)).toEqual({ node2: 2 });
  expect(states(cluster, web)).toContain('shutdown orphaned');
});

test('a restarted task has the newest spec of its service, not its own old one', async () => {
  const cluster = await FakeCluster.start(1);
  const web = cluster.createService({
    ...serviceSpec('web', { Mode: { Replicated: { Replicas: 2 } } }),
    UpdateConfig: { Parallelism: 1, Delay: 60e9, MaxFailureRatio: 1, Order: 'stop-first' },
  });
  await cluster.untilRunning(web, 2);
  const second = cluster.running(web)[1]?.ID ?? '';
  cluster.setImage(web, 'nginx:2');
  await cluster.clock.advance(2_000);
  expect(cluster.task(second).DesiredState).toBe('running');
  cluster.agent('node1').crash(second);
  await cluster.clock.advance(8_000);
  expect(cluster.running(web).map((task) => task.Spec.ContainerSpec?.Image)).toEqual(['nginx:2', 'nginx:2']);
});

test('what is left of a restart delay goes on after the manager was restarted', async () => {
  const cluster = await FakeCluster.start(1);
  const web = cluster.createService(serviceSpec('web', restart({ Delay: 20e9 })));
  await cluster.untilRunning(web, 1);
  cluster.agent('node1').crash(cluster.running(web)[0]?.ID ?? '');
  await cluster.clock.advance(5_000);
  await cluster.restartManager(1_000);
  await cluster.clock.advance(10_000);
  expect(states(cluster, web)).toEqual(['shutdown failed', 'ready ready']);
  await cluster.clock.advance(6_000);
  expect(states(cluster, web)).toEqual(['shutdown failed', 'running running']);
});

test('attempts are counted across a restart of the manager', async () => {
  const cluster = await FakeCluster.start(1);
  cluster.behave(() => ({ exitsAfter: 3_000, exitCode: 1 }));
  const web = cluster.createService(serviceSpec('web', restart({ Delay: 1e9, MaxAttempts: 2 })));
  await cluster.clock.advance(6_000);
  expect(cluster.tasks(web)).toHaveLength(2);
  await cluster.restartManager();
  await cluster.clock.advance(60_000);
  expect(states(cluster, web)).toEqual(['shutdown failed', 'shutdown failed', 'shutdown failed']);
});

test('a task that failed while no manager was there is restarted by the next one', async () => {
  const cluster = await FakeCluster.start(1);
  const web = cluster.createService(serviceSpec('web'));
  await cluster.untilRunning(web, 1);
  const first = cluster.running(web)[0]?.ID ?? '';
  const restarted = cluster.restartManager(5_000);
  cluster.agent('node1').crash(first);
  await restarted;
  await cluster.clock.advance(7_000);
  expect(states(cluster, web)).toEqual(['shutdown failed', 'running running']);
});

test('a restart of the manager restarts no task', async () => {
  const cluster = await FakeCluster.start(3);
  const web = cluster.createService(serviceSpec('web', restart({}, 6)));
  await cluster.untilRunning(web, 6);
  const before = cluster.running(web).map((task) => task.ID);
  await cluster.restartManager(4_000);
  await cluster.clock.advance(120_000);
  expect(cluster.running(web).map((task) => task.ID)).toEqual(before);
  expect(cluster.tasks(web)).toHaveLength(6);
});
