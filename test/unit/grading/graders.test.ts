import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { GRADERS } from '../../../graders/registry.ts';
import { describeVerdict } from '../../../server/grading/verdict.ts';
import { checkSchema } from '../../../server/labs/check-schema.ts';
import { FakeCluster, fakeNode, fakeRequest, fakeService, fakeTask, runningTasksOf } from './fake-cluster.ts';
import { judge, NOBODY } from './judge.ts';

describe('every grader', () => {
  test.each([...GRADERS.values()])('$name has an example that its own schema accepts', (grader) => {
    const checks = z.array(z.record(z.string(), z.unknown())).parse(parse(grader.example));
    for (const check of checks) {
      expect(Object.keys(check)[0]).toBe(grader.name);
      const { port, ...rest } = check;
      const sample = grader.name === 'port' ? check : port === undefined ? check : rest;
      expect(checkSchema(grader.name)?.safeParse(sample).error).toBeUndefined();
    }
  });

  test.each([...GRADERS.values()])('$name tells what each of its fields is or has a plain type', (grader) => {
    expect(grader.summary.length).toBeGreaterThan(10);
    expect(Object.keys(grader.fields)[0]).toBe(grader.name);
  });
});

describe('a service', () => {
  test('is known by its whole name only', async () => {
    const cluster = new FakeCluster();
    cluster.set('/services', [fakeService('web2')]);
    const verdict = await judge(cluster, { service: 'web' });
    expect(describeVerdict(verdict)).toBe(
      'service web: there is none (expected to be there); there is one called web2. `docker service ls` lists what there is.',
    );
  });

  test('gives the port that it got a name', async () => {
    const cluster = new FakeCluster();
    cluster.set('/services', [fakeService('web', { ports: [30002] })]);
    const published = { target: 80, between: [30000, 32767], as: 'port' };
    expect(await judge(cluster, { service: 'web', published })).toMatchObject({
      outcome: 'pass',
      bindings: { port: 30002 },
    });
    expect(await judge(cluster, { service: 'web', published: { target: 80, after: 30002 } })).toMatchObject({
      outcome: 'wrong',
      observed: 'published *:30002->80/tcp',
    });
  });

  test('is compared by image with and without a digest, a missing tag meaning latest', async () => {
    const cluster = new FakeCluster();
    cluster.set('/services', [fakeService('web', { image: `nginx:latest@sha256:${'a'.repeat(64)}` })]);
    expect((await judge(cluster, { service: 'web', image: 'nginx' })).outcome).toBe('pass');
    expect((await judge(cluster, { service: 'web', image: 'nginx:1.26' })).outcome).toBe('wrong');
  });
});

describe('tasks', () => {
  test('are counted by state, place and error', async () => {
    const cluster = new FakeCluster();
    cluster.set('/services', [fakeService('web', { replicas: 2 })]);
    cluster.set('/tasks', [
      fakeTask('web', 1, { node: 'worker2' }),
      fakeTask('web', 2, { node: 'registry' }),
      fakeTask('web', 2, { state: 'rejected', desired: 'shutdown', error: 'No such image: nginx:latest' }),
    ]);
    const placed = await judge(cluster, { tasks: 'web', count: 2, on: ['registry', 'worker2'], 'per-node': 1 });
    expect(placed.outcome).toBe('pass');
    const rejected = await judge(cluster, { tasks: 'web', state: 'rejected', error: 'No such image' });
    expect(rejected.outcome).toBe('pass');
    const misplaced = await judge(cluster, { tasks: 'web', 'not-on': 'worker2' });
    expect(describeVerdict(misplaced)).toBe(
      'tasks of web: on registry and worker2 (expected not on worker2). Look at `docker service ps --no-trunc web`.',
    );
  });
});

describe('a request', () => {
  const ps = { request: 'service ps', of: 'pinger', on: 'master', filters: { 'desired-state': 'running' } };

  function clusterAsked(...requests: ReturnType<typeof fakeRequest>[]): FakeCluster {
    const cluster = new FakeCluster();
    cluster.set('/services', [fakeService('pinger')]);
    cluster.witnessed.set('master', requests);
    return cluster;
  }

  test('counts with the filter that was asked for', async () => {
    const filters = { service: ['service-pinger'], 'desired-state': ['running'] };
    const asked = clusterAsked(fakeRequest(1, 'GET', '/tasks', { filters }));
    expect((await judge(asked, ps)).outcome).toBe('pass');
    const without = clusterAsked(fakeRequest(1, 'GET', '/tasks', { filters: { service: ['service-pinger'] } }));
    expect(describeVerdict(await judge(without, ps))).toBe(
      'requests: 0 of 1 like that (expected at least 1 `docker service ps` of pinger on master filtered by desired-state=running). Run the command in the terminal of that node.',
    );
  });

  test('does not count when the client made it by itself, before the step, or when it failed', async () => {
    const filters = { service: ['service-pinger'], 'desired-state': ['running'] };
    const polled = clusterAsked(fakeRequest(1, 'GET', '/tasks', { filters, client: 'polling' }));
    expect((await judge(polled, ps)).outcome).toBe('wrong');
    const early = clusterAsked(fakeRequest(7, 'GET', '/tasks', { filters }));
    expect((await judge(early, ps, { ...NOBODY, requestsAfter: () => 7 })).outcome).toBe('wrong');
    const failed = clusterAsked(fakeRequest(1, 'GET', '/tasks', { filters, status: 500 }));
    expect((await judge(failed, ps)).outcome).toBe('wrong');
  });

  test('counts as refused when that is wanted', async () => {
    const cluster = new FakeCluster();
    cluster.witnessed.set('worker1', [fakeRequest(1, 'POST', '/services/create', { status: 503 })]);
    expect((await judge(cluster, { request: 'service create', on: 'worker1', status: 'error' })).outcome).toBe('pass');
    expect((await judge(cluster, { request: 'service create', on: 'worker1' })).outcome).toBe('wrong');
  });

  test('about something that is gone counts by its name or an ID that is nothing else', async () => {
    const cluster = new FakeCluster();
    const gone = 'a'.repeat(25);
    const logs = { request: 'service logs', of: 'pinger' };
    cluster.witnessed.set('master', [fakeRequest(1, 'GET', `/services/${gone}/logs`)]);
    expect((await judge(cluster, logs)).outcome).toBe('pass');
    cluster.set('/services', [{ ...fakeService('other'), ID: gone }]);
    expect((await judge(cluster, logs)).outcome).toBe('wrong');
  });
});

describe('pages and ports', () => {
  const page = { http: 'http://worker1:30000', contains: 'Welcome' };

  test('are asked for on a node', async () => {
    const cluster = new FakeCluster();
    cluster.onExec = () => ({ stdout: 'Welcome to nginx!\n200' });
    expect((await judge(cluster, page)).outcome).toBe('pass');
    expect(cluster.commands[0]).toMatchObject({ node: 'master', command: { user: 'root' } });
    cluster.onExec = () => ({ stdout: 'something else\n200' });
    expect(await judge(cluster, page)).toMatchObject({
      outcome: 'wrong',
      observed: 'http://worker1:30000 answers 200 with another page',
    });
  });

  test('are unobservable where a real Swarm has no mesh, and that alone', async () => {
    const cluster = new FakeCluster();
    cluster.set('/services', [fakeService('web', { ports: [30000] })]);
    cluster.set('/tasks', runningTasksOf('web', 1));
    cluster.onExec = (_node, { argv }) => ({ exitCode: argv[0] === 'curl' ? 28 : 1 });
    expect((await judge(cluster, page)).outcome).toBe('wrong');
    cluster.orchestrator = 'swarm';
    await expect(judge(cluster, page)).rejects.toThrow('no IPVS');
    await expect(judge(cluster, { port: 30000 })).rejects.toThrow('no IPVS');
    expect((await judge(cluster, { http: 'http://worker1:30001' })).outcome).toBe('wrong');
  });
});

describe('logs', () => {
  const asked = { logs: 'web', matches: '^(\\S+) .*"GET / .*"curl/', distinct: { min: 2 }, through: 30000 };
  const line = (from: string, agent = 'curl/8.14.1') =>
    frame(`${from} - - [26/Nov/2026:06:20:20 +0000] "GET / HTTP/1.1" 200 615 "-" "${agent}"\n`);
  const clusterThatWrote = (...lines: Buffer[]) => {
    const cluster = new FakeCluster();
    cluster.set('/services', [fakeService('web', { ports: [30000] })]);
    cluster.set('/services/service-web/logs', Buffer.concat(lines));
    return cluster;
  };

  test('are counted by what differs in them', async () => {
    const same = clusterThatWrote(line('10.0.0.2'), line('10.0.0.2'), line('10.0.0.3', 'swarmlab'));
    expect(await judge(same, asked)).toMatchObject({ outcome: 'not-yet', observed: '1 different in 2 such lines' });
    expect((await judge(clusterThatWrote(line('10.0.0.2'), line('10.0.0.3')), asked)).outcome).toBe('pass');
  });

  test('of what came through a mesh that cannot work are unobservable', async () => {
    const cluster = clusterThatWrote();
    cluster.orchestrator = 'swarm';
    cluster.onExec = () => ({ exitCode: 1 });
    await expect(judge(cluster, asked)).rejects.toThrow('no IPVS');
  });
});

describe('a node', () => {
  test('that was drained has no tasks left, in the end', async () => {
    const cluster = new FakeCluster();
    const drained = { ...fakeNode('worker1'), Spec: { Role: 'worker', Availability: 'drain', Labels: { zone: 'a' } } };
    cluster.set('/nodes', [fakeNode('master', true), drained]);
    cluster.set('/services', [fakeService('web')]);
    cluster.set('/tasks', [fakeTask('web', 1)]);
    const check = { node: 'worker1', availability: 'drain', labels: { zone: 'a' }, running: 0 };
    expect(await judge(cluster, check)).toMatchObject({ outcome: 'not-yet', observed: '1 task running' });
    cluster.set('/tasks', []);
    expect((await judge(cluster, check)).outcome).toBe('pass');
  });
});

describe('the Swarm', () => {
  test('without a leader is what a check may ask for', async () => {
    const cluster = new FakeCluster();
    cluster.set('/swarm', { message: 'rpc error: code = Unknown desc = The swarm does not have a leader.' }, 500);
    expect((await judge(cluster, { swarm: 'no-quorum' })).outcome).toBe('pass');
    expect(await judge(cluster, { swarm: 'quorum' })).toMatchObject({ outcome: 'wrong' });
  });
});

/** A line as the Engine API's multiplexed log stream has it. */
function frame(text: string): Buffer {
  const header = Buffer.alloc(8);
  header[0] = 1;
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
}
