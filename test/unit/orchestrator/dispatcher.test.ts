import { expect, test } from 'vitest';
import type { ManagerMessage } from '../../../server/orchestrator/dispatcher/protocol.ts';
import type { TaskStatus } from '../../../server/orchestrator/model/objects.ts';
import type { FakeAgent } from './fake-agent.ts';
import { FakeCluster, serviceSpec } from './fake-cluster.ts';

const assignments = (agent: FakeAgent) =>
  agent.received.filter((message): message is Extract<ManagerMessage, { type: 'assignments' }> => {
    return message.type === 'assignments';
  });

test('a node that registers is ready, under the address it came from', async () => {
  const cluster = await FakeCluster.start(1);
  const node = cluster.node('node1');
  expect(node.Status).toEqual({ State: 'ready', Addr: cluster.agent('node1').address });
  expect(node.Description?.Hostname).toBe('node1.example');
  expect(
    cluster
      .agent('node1')
      .received.map((message) => message.type)
      .slice(0, 2),
  ).toEqual(['session', 'assignments']);
});

test('a node is down when three heartbeats are missing, not when its connection breaks', async () => {
  const cluster = await FakeCluster.start(1);
  cluster.agent('node1').cut();
  await cluster.clock.advance(14_500);
  expect(cluster.node('node1').Status.State).toBe('ready');
  await cluster.clock.advance(1_000);
  expect(cluster.node('node1').Status).toMatchObject({ State: 'down', Message: 'heartbeat failure' });
});

test('heartbeat periods vary by half a second either way', async () => {
  const cluster = await FakeCluster.start(1);
  const periods = cluster.agent('node1').received.flatMap((message) => {
    return message.type === 'session' ? [message.heartbeatPeriod] : [];
  });
  expect(periods).toEqual([5_000]);
});

test('a node that beats stays ready for as long as it does', async () => {
  const cluster = await FakeCluster.start(2);
  await cluster.clock.advance(600_000);
  expect(cluster.node('node1').Status.State).toBe('ready');
  expect(cluster.agent('node1').received.filter((message) => message.type === 'heartbeat-ack').length).toBe(120);
});

test('a manager that takes over does not know its nodes until they show up, and gives them twice the time', async () => {
  const cluster = await FakeCluster.start(2);
  cluster.agent('node2').left = 'away';
  await cluster.restartManager(0);
  cluster.agent('node2').left = undefined;
  expect(cluster.node('node1').Status.State).toBe('ready');
  expect(cluster.node('node2').Status).toMatchObject({
    State: 'unknown',
    Message: 'Node moved to "unknown" state due to leadership change in cluster',
  });
  await cluster.clock.advance(29_000);
  expect(cluster.node('node2').Status.State).toBe('unknown');
  await cluster.clock.advance(2_000);
  expect(cluster.node('node2').Status).toMatchObject({
    State: 'down',
    Message: 'heartbeat failure for node in "unknown" state',
  });
});

test('tasks of a node that is down for a day are orphaned', async () => {
  const cluster = await FakeCluster.start(2);
  const web = cluster.createService(serviceSpec('web', { Mode: { Replicated: { Replicas: 2 } } }));
  await cluster.untilRunning(web, 2);
  cluster.agent('node1').cut();
  await cluster.clock.advance(20_000);
  const [lost] = cluster.tasks(web).filter((task) => task.NodeID === 'node1');
  await cluster.clock.advance(24 * 3_600_000 - 60_000);
  expect(cluster.task(lost?.ID ?? '').Status.State).toBe('running');
  await cluster.clock.advance(120_000);
  expect(cluster.task(lost?.ID ?? '').Status.State).toBe('orphaned');
});

test('a fourth registration within eight seconds is turned away', async () => {
  const cluster = await FakeCluster.start(1);
  const agent = cluster.agent('node1');
  for (let time = 0; time < 3; time++) {
    agent.connect();
    await cluster.clock.advance(100);
  }
  expect(agent.closed).toBe('node node1 exceeded rate limit count of registrations');
  await cluster.clock.advance(8_000);
  agent.connect();
  await cluster.clock.advance(100);
  expect(agent.closed).toBeUndefined();
});

test('a node that is not part of the swarm is told so', async () => {
  const cluster = await FakeCluster.start(1);
  cluster.removeNode('node1');
  await cluster.clock.advance(10);
  expect(cluster.agent('node1').left).toBe('the node was removed from the swarm');
  const stranger = cluster.agent('node1');
  stranger.left = undefined;
  stranger.connect();
  await cluster.clock.advance(10);
  expect(stranger.left).toBe('node node1 not found');
});

test('assignments come together, a tenth of a second after the last of them', async () => {
  const cluster = await FakeCluster.start(1);
  const web = cluster.createService(serviceSpec('web', { Mode: { Replicated: { Replicas: 30 } } }));
  await cluster.clock.advance(60);
  expect(cluster.tasks(web)[0]?.Status.State).toBe('assigned');
  expect(assignments(cluster.agent('node1'))).toHaveLength(1);
  await cluster.clock.advance(100);
  expect(assignments(cluster.agent('node1')).map((message) => message.changes.tasks.length)).toEqual([0, 30]);
});

test('a hundred changes are not kept waiting', async () => {
  const cluster = await FakeCluster.start(1);
  cluster.createService(serviceSpec('web', { Mode: { Replicated: { Replicas: 150 } } }));
  await cluster.clock.advance(60);
  expect(assignments(cluster.agent('node1')).at(-1)?.changes.tasks.length).toBeGreaterThanOrEqual(100);
});

test('what an agent reports is not sent back to it', async () => {
  const cluster = await FakeCluster.start(1);
  const web = cluster.createService(serviceSpec('web'));
  await cluster.untilRunning(web, 1);
  await cluster.clock.advance(1_000);
  expect(assignments(cluster.agent('node1'))).toHaveLength(2);
});

test('states never go back, and a repeated report changes nothing', async () => {
  const cluster = await FakeCluster.start(1);
  const web = cluster.createService(serviceSpec('web'));
  await cluster.untilRunning(web, 1);
  const before = cluster.running(web)[0];
  if (before === undefined) throw new Error('no task');
  const report = async (status: TaskStatus) => {
    cluster.agent('node1').send({ type: 'task-status', updates: [{ taskId: before.ID, status }] });
    await cluster.clock.advance(200);
  };
  await report({ ...before.Status, State: 'preparing', Timestamp: cluster.clock.timestamp() });
  await report({ ...before.Status, Timestamp: cluster.clock.timestamp() });
  expect(cluster.task(before.ID)).toBe(before);
  await report({ ...before.Status, State: 'failed', Timestamp: cluster.clock.timestamp() });
  expect(cluster.task(before.ID).Status).toMatchObject({ State: 'failed', appliedAt: expect.any(String) });
});

test('a node cannot report on the tasks of another', async () => {
  const cluster = await FakeCluster.start(2);
  const web = cluster.createService(serviceSpec('web'));
  await cluster.untilRunning(web, 1);
  const [task] = cluster.running(web);
  const other = task?.NodeID === 'node1' ? 'node2' : 'node1';
  const status: TaskStatus = { Timestamp: '', State: 'failed', Message: '', PortStatus: {} };
  cluster.agent(other).send({ type: 'task-status', updates: [{ taskId: task?.ID ?? '', status }] });
  await cluster.clock.advance(200);
  expect(cluster.running(web)).toHaveLength(1);
});

test('a node gets the secrets and configs its tasks need, as long as they need them', async () => {
  const cluster = await FakeCluster.start(2);
  cluster.store.update((transaction) => {
    for (const ID of ['s1', 's2']) transaction.create('secrets', { ID, Spec: { Name: ID, Labels: {}, Data: '' } });
    transaction.create('configs', { ID: 'c1', Spec: { Name: 'c1', Labels: {}, Data: '' } });
  });
  const spec = serviceSpec('web');
  spec.TaskTemplate.ContainerSpec = {
    Image: 'nginx',
    Secrets: [{ SecretID: 's1', SecretName: 's1' }],
    Configs: [{ ConfigID: 'c1', ConfigName: 'c1' }],
  };
  spec.TaskTemplate.Placement = { Constraints: ['node.id==node1'] };
  const web = cluster.createService(spec);
  await cluster.untilRunning(web, 1);
  expect([...cluster.agent('node1').secrets]).toEqual(['s1']);
  expect([...cluster.agent('node1').configs]).toEqual(['c1']);
  expect(cluster.agent('node2').secrets.size).toBe(0);
  cluster.scale(web, 0);
  await cluster.clock.advance(2_000);
  expect(cluster.agent('node1').secrets.size).toBe(0);
  expect(cluster.agent('node1').configs.size).toBe(0);
});

test('a node that lost power comes back with what it has to have now', async () => {
  const cluster = await FakeCluster.start(2);
  const web = cluster.createService(serviceSpec('web', { Mode: { Global: {} } }));
  await cluster.untilRunning(web, 2);
  cluster.agent('node1').powerOff();
  await cluster.clock.advance(2_000);
  cluster.agent('node1').connect();
  await cluster.clock.advance(2_000);
  expect(assignments(cluster.agent('node1')).at(-1)?.mode).toBe('complete');
  expect(cluster.agent('node1').tasks.size).toBe(1);
});
