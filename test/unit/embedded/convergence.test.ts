import { afterEach, beforeEach, expect, test } from 'vitest';
import { VirtualClock } from '../../../server/clock/virtual-clock.ts';
import { awaitConvergence } from '../../../server/clusters/embedded/convergence.ts';
import { EmbeddedCluster } from '../../../server/clusters/embedded/embedded-cluster.ts';
import { sleepTime } from '../../../server/clusters/embedded/time-server.ts';
import type { SwarmMachine } from '../../../server/orchestrator/membership/swarm-machine.ts';

const NODES = [
  { name: 'master', hostname: 'master.docker-dca.example', address: '10.10.10.100', role: 'manager' },
  { name: 'worker1', hostname: 'worker1.docker-dca.example', address: '10.10.10.110', role: 'worker' },
] as const;

let clock: VirtualClock;
let cluster: EmbeddedCluster;
let machine: SwarmMachine;

beforeEach(async () => {
  clock = new VirtualClock();
  cluster = new EmbeddedCluster({ clock, nodes: NODES, imagesOn: ['master', 'worker1'], log: () => {} });
  const started = cluster.start();
  await clock.advance(4000);
  await started;
  machine = cluster.fleet.machine('master');
});
afterEach(() => cluster.close());

async function create(spec: Record<string, unknown>): Promise<string> {
  const made = (await machine.control().services.create(spec)) as { ID: string };
  return made.ID;
}

const container = (...Args: string[]) => ({ ContainerSpec: { Image: 'alpine:latest', Args } });

/** Seconds until a client that watches the service would be answered; undefined when it is not within a minute. */
async function watched(filters: unknown, signal = new AbortController().signal): Promise<number | undefined> {
  const began = clock.now();
  let answered: number | undefined;
  void awaitConvergence(clock, machine, JSON.stringify(filters), signal).then(() => {
    answered = (clock.now() - began) / 1000;
  });
  await clock.advance(60_000);
  return answered;
}
const progress = (id: string) => ({ service: { [id]: true }, '_up-to-date': { true: true } });

test('a service that converges is watched for five seconds more', async () => {
  const id = await create({
    Name: 'web',
    TaskTemplate: container('sleep', '1d'),
    Mode: { Replicated: { Replicas: 3 } },
  });
  const seconds = await watched(progress(id));
  expect(seconds).toBeGreaterThanOrEqual(5);
  expect(seconds).toBeLessThan(8);
});

test('as long as its update monitor says, if that says anything', async () => {
  const id = await create({
    Name: 'web',
    TaskTemplate: container('sleep', '1d'),
    UpdateConfig: { Parallelism: 1, Monitor: 20e9 },
  });
  expect(await watched(progress(id))).toBeGreaterThanOrEqual(20);
});

test('a service that never converges is watched for ever', async () => {
  const id = await create({ Name: 'broken', TaskTemplate: container('false') });
  const ending = new AbortController();
  expect(await watched(progress(id), ending.signal)).toBeUndefined();
  ending.abort();
});

test('a job has converged when it is complete', async () => {
  const id = await create({
    Name: 'job',
    TaskTemplate: { ...container('sleep', '10'), RestartPolicy: { Condition: 'none' } },
    Mode: { ReplicatedJob: { MaxConcurrent: 1, TotalCompletions: 2 } },
  });
  expect(await watched(progress(id))).toBeGreaterThanOrEqual(20);
});

test('any other look is answered at once', async () => {
  const id = await create({ Name: 'broken', TaskTemplate: container('false') });
  expect(await watched({ service: { [id]: true } })).toBe(0);
  expect(await watched(progress('nobody'))).toBe(0);
});

test.each([
  [['5'], 5000],
  [['1m', '30s'], 90_000],
  [['0.5'], 500],
  [['infinity'], Number.POSITIVE_INFINITY],
  [['soon'], undefined],
  [['-1'], undefined],
  [[], undefined],
])('sleep %j takes %s ms', (words, expected) => expect(sleepTime(words)).toBe(expected));
