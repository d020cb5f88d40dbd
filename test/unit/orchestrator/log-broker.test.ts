import { expect, test } from 'vitest';
import type { LogMessage, LogOptions, ManagerMessage } from '../../../server/orchestrator/dispatcher/protocol.ts';
import { LogBroker } from '../../../server/orchestrator/logs/log-broker.ts';
import type { LogSelector } from '../../../server/orchestrator/swarm-parts.ts';
import type { FakeAgent } from './fake-agent.ts';
import { FakeCluster, serviceSpec } from './fake-cluster.ts';

const ALL: LogOptions = { stdout: true, stderr: true, follow: false, tail: -1 };

const line = (agent: FakeAgent, data: string): LogMessage => ({
  taskId: 'task',
  serviceId: 'service',
  nodeId: agent.nodeId,
  stream: 'stdout',
  timestamp: '2026-01-01T00:00:00.000000000Z',
  attributes: {},
  data,
});

/** What a reader has been given so far, and how it ended. */
class Reading {
  readonly lines: string[] = [];
  ended = false;
  error: string | undefined;

  constructor(messages: AsyncIterable<LogMessage>) {
    void this.#read(messages);
  }

  async #read(messages: AsyncIterable<LogMessage>): Promise<void> {
    try {
      for await (const message of messages) this.lines.push(message.data);
    } catch (error) {
      this.error = error instanceof Error ? error.message : String(error);
    }
    this.ended = true;
  }
}

/** Three nodes, a service of two tasks on node1 and node2, and a broker. */
class LogCluster {
  readonly cluster: FakeCluster;
  readonly service: string;
  readonly #broker: LogBroker;

  constructor(cluster: FakeCluster, service: string) {
    this.cluster = cluster;
    this.service = service;
    this.#broker = new LogBroker({ store: cluster.store, sessions: cluster.dispatcher });
    this.#broker.start();
  }

  static async start(): Promise<LogCluster> {
    const cluster = await FakeCluster.start(3);
    const service = cluster.createService(serviceSpec('web', { Mode: { Replicated: { Replicas: 2 } } }));
    await cluster.untilRunning(service, 2);
    return new LogCluster(cluster, service);
  }

  async read(selector: Partial<LogSelector>, options: Partial<LogOptions> = {}, signal = new AbortController().signal) {
    const all = { serviceIds: [], taskIds: [], ...selector };
    const reading = new Reading(this.#broker.subscribe(all, { ...ALL, ...options }, signal));
    await this.cluster.clock.advance(0);
    return reading;
  }

  /** Subscriptions that a node was told of. */
  asked(nodeId: string) {
    return this.cluster
      .agent(nodeId)
      .received.filter((message): message is Extract<ManagerMessage, { type: 'subscribe' }> => {
        return message.type === 'subscribe';
      })
      .map((message) => message.subscription);
  }

  async answer(nodeId: string, lines: string[], done = true, error?: string): Promise<void> {
    const agent = this.cluster.agent(nodeId);
    const subscriptionId = this.asked(nodeId).at(-1)?.id ?? '';
    agent.send({ type: 'log', subscriptionId, messages: lines.map((data) => line(agent, data)) });
    if (done) agent.send({ type: 'log-done', subscriptionId, ...(error === undefined ? {} : { error }) });
    await this.cluster.clock.advance(0);
  }
}

test('the nodes with tasks of a service are asked, and reading ends when all have answered', async () => {
  const logs = await LogCluster.start();
  const reading = await logs.read({ serviceIds: [logs.service] }, { tail: 10 });
  expect(logs.asked('node1')).toMatchObject([{ serviceIds: [logs.service], options: { tail: 10, follow: false } }]);
  expect(logs.asked('node3')).toEqual([]);
  await logs.answer('node1', ['a', 'b']);
  expect(reading.lines).toEqual(['a', 'b']);
  expect(reading.ended).toBe(false);
  await logs.answer('node2', ['c']);
  expect(reading).toMatchObject({ lines: ['a', 'b', 'c'], ended: true, error: undefined });
});

test('tasks that have ended are asked for too, tasks that have not started are not', async () => {
  const logs = await LogCluster.start();
  const { cluster } = logs;
  cluster.behave(() => ({ hangsIn: 'starting' }));
  cluster.agent('node1').crash(cluster.running(logs.service)[0]?.ID ?? '');
  cluster.setNode('node1', { Availability: 'pause' });
  await cluster.clock.advance(10_000);
  cluster.scale(logs.service, 3);
  await cluster.clock.advance(1_000);
  await logs.read({ serviceIds: [logs.service] });
  expect(logs.asked('node1')).toHaveLength(1);
  expect(logs.asked('node3')).toHaveLength(0);
});

test('nothing to read ends at once', async () => {
  const logs = await LogCluster.start();
  logs.cluster.scale(logs.service, 0);
  await logs.cluster.clock.advance(5_000);
  expect(await logs.read({ serviceIds: [logs.service] })).toMatchObject({ lines: [], ended: true, error: undefined });
});

test('a node that is not there, one that goes away and a task without a node are told of at the end', async () => {
  const logs = await LogCluster.start();
  const { cluster } = logs;
  const reason = 'could not be retrieved for the following reasons: ';
  const warning = `rpc error: code = Unknown desc = warning: incomplete log stream. some logs ${reason}`;
  const reading = await logs.read({ serviceIds: [logs.service] });
  await logs.answer('node1', ['a']);
  cluster.agent('node2').cut();
  await cluster.clock.advance(20_000);
  expect(reading).toMatchObject({ lines: ['a'], ended: true, error: `${warning}node node2 disconnected unexpectedly` });

  const later = await logs.read({ serviceIds: [logs.service] });
  await logs.answer('node1', []);
  await logs.answer('node3', []);
  expect(later.error).toBe(`${warning}node node2 is not available`);

  const spec = serviceSpec('stuck');
  spec.TaskTemplate.Placement = { Constraints: ['node.id==nowhere'] };
  const [stuck] = cluster.tasks(cluster.createService(spec));
  const unscheduled = await logs.read({ taskIds: [stuck?.ID ?? ''] });
  expect(unscheduled.error).toBe(`${warning}task ${stuck?.ID} has not been scheduled`);
});

test('what a node could not give is told at the end', async () => {
  const logs = await LogCluster.start();
  const [task] = logs.cluster.running(logs.service);
  const reading = await logs.read({ taskIds: [task?.ID ?? ''] });
  await logs.answer(task?.NodeID ?? '', ['a'], true, 'container is gone');
  expect(reading.lines).toEqual(['a']);
  expect(reading.error).toContain('reasons: container is gone');
});

test('following never ends by itself and takes in nodes as tasks come to them', async () => {
  const logs = await LogCluster.start();
  const { cluster } = logs;
  const abort = new AbortController();
  const reading = await logs.read({ serviceIds: [logs.service] }, { follow: true }, abort.signal);
  await logs.answer('node1', ['a']);
  await logs.answer('node2', ['b']);
  expect(reading.ended).toBe(false);
  cluster.scale(logs.service, 3);
  await cluster.untilRunning(logs.service, 3);
  await logs.answer('node3', ['c'], false);
  expect(reading.lines).toEqual(['a', 'b', 'c']);
  abort.abort();
  await cluster.clock.advance(0);
  expect(reading).toMatchObject({ ended: true, error: undefined });
  const last = cluster.agent('node3').received.at(-1);
  expect(last).toEqual({ type: 'unsubscribe', subscriptionId: logs.asked('node3')[0]?.id });
});

test('a node that comes back is asked again by those who follow', async () => {
  const logs = await LogCluster.start();
  await logs.read({ serviceIds: [logs.service] }, { follow: true });
  logs.cluster.agent('node1').cut();
  logs.cluster.agent('node1').connect();
  await logs.cluster.clock.advance(10);
  expect(logs.asked('node1')).toHaveLength(2);
});

test('a node that holds back is told what the reader has taken, another one is not', async () => {
  const logs = await LogCluster.start();
  await logs.read({ serviceIds: [logs.service] }, { follow: true });
  const large = 'x'.repeat(100 * 1024);
  for (const nodeId of ['node1', 'node2']) {
    const agent = logs.cluster.agent(nodeId);
    const messages = [line(agent, large), line(agent, large), line(agent, 'rest')];
    const subscriptionId = logs.asked(nodeId).at(-1)?.id ?? '';
    agent.send({ type: 'log', subscriptionId, messages, ...(nodeId === 'node1' && { windowed: true }) });
  }
  await logs.cluster.clock.advance(0);
  const told = (nodeId: string) =>
    logs.cluster.agent(nodeId).received.flatMap((message) => (message.type === 'log-taken' ? [message.bytes] : []));
  expect([told('node1'), told('node2')]).toEqual([[200 * 1024], []]);
});
