import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../../../server/clock/virtual-clock.ts';
import { createSwarmHandler } from '../../../server/gateway/swarm-api/swarm-handler.ts';
import { InProcessUpstream } from '../../../server/gateway/upstream/in-process-upstream.ts';
import { ControlError } from '../../../server/orchestrator/api/control-error.ts';
import type { SwarmEvent } from '../../../server/orchestrator/events/event-stream.ts';
import type { SwarmMachine } from '../../../server/orchestrator/membership/swarm-machine.ts';
import { fakeMachine, logLine, outsider, swarmEvent } from './fake-machine.ts';
import { ask, messageOf } from './in-process.ts';

function serve(machine: SwarmMachine, clock = new VirtualClock()): InProcessUpstream {
  const handle = createSwarmHandler(machine, { clock });
  return new InProcessUpstream({ handler: (req, res) => handle(req, res, req.url ?? '/') });
}

describe('the Swarm API', () => {
  test('has the headers of a daemon on every answer', async () => {
    const { headers } = await ask(serve(outsider()), 'GET', '/v1.45/services');
    expect(headers).toMatchObject({
      'api-version': '1.45',
      ostype: 'linux',
      server: 'Docker/26.1.5+dfsg1 (linux)',
      'docker-experimental': 'false',
    });
  });

  test.each([
    ['/v1.23/nodes', 'client version 1.23 is too old. Minimum supported API version is 1.24, please upgrade'],
    ['/v1.46/nodes', 'client version 1.46 is too new. Maximum supported API version is 1.45'],
  ])('refuses %s', async (path, message) => {
    const answer = await ask(serve(outsider()), 'GET', path);
    expect(answer.status).toBe(400);
    expect(messageOf(answer)).toContain(message);
  });

  test.each([
    ['GET', '/v1.45/unknown'],
    ['PUT', '/v1.45/services/web'],
    ['GET', '/v1.45/services/a/b/c'],
  ])('knows no %s %s', async (method, path) => {
    const answer = await ask(serve(outsider()), method, path);
    expect([answer.status, messageOf(answer)]).toEqual([404, 'page not found']);
  });

  test.each([
    ['/v1.29', 'alpine', ['image alpine could not be accessed on a registry to record\nits digest. ']],
    ['/v1.29', 'alpine@sha256:0', undefined],
    ['/v1.30', 'alpine', undefined],
  ])('%s: a client that leaves digests to the daemon is told that %s has none', async (version, image, warnings) => {
    const create = async () => ({ ID: 'one', Warnings: null });
    const body = { TaskTemplate: { ContainerSpec: { Image: image } } };
    const answer = await ask(serve(fakeMachine({ services: { create } })), 'POST', `${version}/services/create`, {
      body,
    });
    const { Warnings } = JSON.parse(answer.text) as { Warnings: string[] | null };
    expect(Warnings?.map((warning) => warning.slice(0, 71))).toEqual(warnings);
  });

  test('gives refusals of the orchestrator with their status and text', async () => {
    const list = () => {
      throw ControlError.rpc('FailedPrecondition', 'not today');
    };
    const answer = await ask(serve(fakeMachine({ nodes: { list } })), 'GET', '/nodes');
    expect([answer.status, messageOf(answer)]).toEqual([400, 'rpc error: code = FailedPrecondition desc = not today']);
  });

  test.each([
    ['text/plain', '{}', "unsupported Content-Type header (text/plain): must be 'application/json'"],
    ['application/json', '{"a"', 'invalid JSON'],
  ])('refuses a body of type %s saying %s', async (type, body, message) => {
    const headers = { 'content-type': type };
    const answer = await ask(serve(outsider()), 'POST', '/services/create', { body, headers });
    expect(answer.status).toBe(400);
    expect(messageOf(answer)).toContain(message);
  });

  test('counts running tasks for clients that know of it only', async () => {
    const asked: unknown[] = [];
    const machine = fakeMachine({
      services: {
        list: (query) => {
          asked.push(query);
          return [];
        },
      },
    });
    const filters = '{"name":{"web":true}}';
    await ask(serve(machine), 'GET', `/v1.45/services?status=true&filters=${encodeURIComponent(filters)}`);
    await ask(serve(machine), 'GET', '/v1.40/services?status=true');
    expect(asked).toEqual([
      { filters, status: true },
      { filters: undefined, status: false },
    ]);
    expect((await ask(serve(machine), 'GET', '/services?status=maybe')).status).toBe(400);
  });

  test('creates, updates and removes as the client put it', async () => {
    const calls: unknown[] = [];
    const machine = fakeMachine({
      services: {
        create: async (body, options) => {
          calls.push(['create', body, options]);
          return { ID: 'service1', Warnings: null };
        },
        update: async (...args) => {
          calls.push(['update', ...args]);
          return { Warnings: null };
        },
        remove: async (id) => void calls.push(['remove', id]),
      },
      networks: { remove: async (id) => void calls.push(['remove network', id]) },
    });
    const api = serve(machine);
    const auth = { 'x-registry-auth': 'e30=' };
    const created = await ask(api, 'POST', '/v1.45/services/create', { body: { Name: 'web' }, headers: auth });
    expect([created.status, created.text]).toEqual([201, '{"ID":"service1","Warnings":null}\n']);
    const query = 'version=7&registryAuthFrom=spec&rollback=previous';
    const updated = await ask(api, 'POST', `/v1.45/services/web/update?${query}`, { body: {} });
    expect([updated.status, updated.text]).toEqual([200, '{"Warnings":null}\n']);
    const removed = await ask(api, 'DELETE', '/v1.45/services/web%20x');
    expect([removed.status, removed.text]).toEqual([200, '']);
    expect((await ask(api, 'DELETE', '/networks/n')).status).toBe(204);
    expect(calls).toEqual([
      ['create', { Name: 'web' }, { registryAuth: 'e30=' }],
      ['update', 'web', {}, { version: '7', registryAuthFrom: 'spec', rollback: 'previous', registryAuth: undefined }],
      ['remove', 'web x'],
      ['remove network', 'n'],
    ]);
  });

  test.each([
    [outsider(), 'inactive'],
    [fakeMachine({}), 'active/manager'],
    [fakeMachine({}, { role: () => 'worker' }), 'active/worker'],
    [fakeMachine({}, { state: () => 'locked' }), 'locked'],
  ])('says in a header what the machine is', async (machine, header) => {
    expect((await ask(serve(machine), 'GET', '/_ping')).headers.swarm).toBe(header);
  });
});

describe('logs', () => {
  const machine = (messages: AsyncIterable<ReturnType<typeof logLine>>, tty = false) =>
    fakeMachine({ services: { logs: () => ({ tty, messages }) } });

  async function* lines() {
    yield logLine('one\n');
    yield logLine('two\n', { stream: 'stderr', attributes: { 'a b': 'c=d', zone: 'e' } });
  }

  const frame = (stream: number, text: string) =>
    `${String.fromCharCode(stream, 0, 0, 0, 0, 0, 0, text.length)}${text}`;

  test('come in frames, a line each', async () => {
    const { text, headers } = await ask(serve(machine(lines())), 'GET', '/services/web/logs?stdout=1&stderr=1');
    expect(headers['content-type']).toBe('application/vnd.docker.multiplexed-stream');
    expect(text).toBe(frame(1, 'one\n') + frame(2, 'two\n'));
  });

  test('have their time and where they come from before them', async () => {
    const query = 'stdout=1&timestamps=1&details=1';
    const { text } = await ask(serve(machine(lines())), 'GET', `/v1.41/services/web/logs?${query}`);
    const own = 'com.docker.swarm.node.id=node1,com.docker.swarm.service.id=service1,com.docker.swarm.task.id=task1';
    expect(text).toContain(`2026-01-01T00:00:00.000000001Z ${own} one\n`);
    expect(text).toContain(`2026-01-01T00:00:00.000000001Z a+b=c%3Dd,${own},zone=e two\n`);
  });

  test('of a terminal are bare', async () => {
    const { text, headers } = await ask(serve(machine(lines(), true)), 'GET', '/services/web/logs?stdout=1');
    expect([headers['content-type'], text]).toEqual(['application/vnd.docker.raw-stream', 'one\ntwo\n']);
  });

  test('end with what could not be had', async () => {
    async function* broken() {
      yield logLine('one\n');
      throw new Error('node n is not available');
    }
    const { text } = await ask(serve(machine(broken())), 'GET', '/services/web/logs?stdout=1');
    expect(text).toBe(frame(1, 'one\n') + frame(3, 'Error grabbing logs: node n is not available\n'));
  });

  test('wait for a slow reader without leaving anything behind', async () => {
    let waiting = 0;
    async function* many(signal: AbortSignal) {
      for (let line = 0; line < 50; line++) {
        yield logLine(`${'x'.repeat(64 * 1024)}\n`);
        waiting = Math.max(waiting, getEventListeners(signal, 'abort').length);
      }
    }
    const machineOfMany = fakeMachine({
      services: { logs: (_id, _query, signal) => ({ tty: false, messages: many(signal) }) },
    });
    const { text } = await ask(serve(machineOfMany), 'GET', '/services/web/logs?stdout=1');
    expect(text.length).toBeGreaterThan(50 * 64 * 1024);
    expect(waiting).toBeLessThanOrEqual(1);
  });

  test('send their head at once, and stop when the client goes', async () => {
    let aborted: () => void = () => {};
    const stopped = new Promise<void>((resolve) => {
      aborted = resolve;
    });
    async function* silence(signal: AbortSignal) {
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      aborted();
      yield* [];
    }
    const following = fakeMachine({
      services: { logs: (_id, _query, signal) => ({ tty: false, messages: silence(signal) }) },
    });
    const request = serve(following)
      .request({ method: 'GET', path: '/services/web/logs?follow=1&stdout=1', headers: {} })
      .end();
    const status = await new Promise((resolve) => request.on('response', (answer) => resolve(answer.statusCode)));
    expect(status).toBe(200);
    request.on('error', () => {});
    request.destroy();
    await stopped;
  });
});

describe('events of the swarm', () => {
  function stream(past: SwarmEvent[]) {
    const listeners = new Set<(event: SwarmEvent) => void>();
    return {
      tell: (event: SwarmEvent) => listeners.forEach((listener) => void listener(event)),
      listeners,
      events: {
        history: (since: number, until: number) =>
          past.filter(({ time }) => time * 1000 >= since && time * 1000 <= until),
        subscribe: (listener: (event: SwarmEvent) => void) => {
          listeners.add(listener);
          return { dispose: () => void listeners.delete(listener) };
        },
      },
    };
  }
  const types = (text: string) =>
    text
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as SwarmEvent).Type);

  test('of the past end at until', async () => {
    const clock = new VirtualClock();
    await clock.advance(10_000);
    const { events } = stream([swarmEvent(1), swarmEvent(2, { Type: 'node' }), swarmEvent(9, { Type: 'config' })]);
    const start = Date.UTC(2026, 0, 1) / 1000;
    const { text } = await ask(
      serve(fakeMachine({ events }), clock),
      'GET',
      `/events?since=${start + 2}&until=${start + 5}`,
    );
    expect(types(text)).toEqual(['node']);
  });

  test.each([
    ['{"type":["service"]}', ['service']],
    ['{"event":{"create":true}}', ['service', 'network']],
    ['{"service":["web"]}', ['service']],
    ['{"service":["we"]}', ['service']],
    ['{"service":["other"]}', []],
    ['{"node":["node1","master"]}', ['node']],
    ['{"scope":["local"]}', []],
    ['{"container":["x"]}', []],
    ['{"label":["name=web"]}', ['service']],
    ['{"label":["name"]}', ['service', 'node', 'network']],
  ])('filtered by %s', async (filters, expected) => {
    const clock = new VirtualClock();
    await clock.advance(10_000);
    const { events } = stream([
      swarmEvent(1),
      swarmEvent(2, { Type: 'node', Action: 'update', Actor: { ID: 'node1', Attributes: { name: 'master' } } }),
      swarmEvent(3, { Type: 'network', Actor: { ID: 'net1', Attributes: { name: 'front' } } }),
    ]);
    const path = `/events?until=${clock.now() / 1000}&filters=${encodeURIComponent(filters)}`;
    const { text } = await ask(serve(fakeMachine({ events }), clock), 'GET', path);
    expect(text === '' ? [] : types(text)).toEqual(expected);
  });

  test('come as they happen, also to one that becomes a manager meanwhile', async () => {
    const clock = new VirtualClock();
    const live = stream([]);
    let manager = false;
    const machine = fakeMachine(
      {},
      {
        control: () => {
          if (!manager) throw new ControlError(503, 'This node is not a swarm manager.');
          return { events: live.events } as unknown as ReturnType<SwarmMachine['control']>;
        },
      },
    );
    const until = clock.now() / 1000 + 5;
    const answer = ask(serve(machine, clock), 'GET', `/events?until=${until}`);
    await clock.advance(1500);
    manager = true;
    await clock.advance(1000);
    live.tell(swarmEvent(2));
    await clock.advance(5000);
    expect(types((await answer).text)).toEqual(['service']);
    expect(live.listeners.size).toBe(0);
  });
});

describe('a path that there is not', () => {
  test('is told by whoever finds the way, without the headers of the daemon', async () => {
    const { headers } = await ask(serve(outsider()), 'GET', '/v1.45/unknown');
    expect(headers).not.toHaveProperty('api-version');
  });

  test('may be one with an encoded slash', async () => {
    const answer = await ask(serve(outsider()), 'GET', '/services/a%2Fb');
    expect(messageOf(answer)).toBe('page not found');
  });
});

test('logs of nothing want a stream before they want a service', async () => {
  const answer = await ask(serve(outsider()), 'GET', '/services/nothing/logs');
  expect([answer.status, messageOf(answer)]).toEqual([500, 'Bad parameters: you must choose at least one stream']);
});

describe('a worker', () => {
  test.each([
    ['GET', '/services?filters=x', 'invalid filter'],
    ['GET', '/secrets?filters=[]', 'invalid filter'],
    ['POST', '/services/x/update?version=x', 'invalid service version'],
    ['POST', '/nodes/x/update', 'invalid node version'],
    ['POST', '/configs/x/update', 'invalid config version'],
    ['POST', '/swarm/update?version=-1', 'invalid swarm version'],
    ['POST', '/swarm/update?version=1&rotateWorkerToken=x', 'invalid value for rotateWorkerToken'],
    ['GET', '/services?filters={}', 'This node is not a swarm manager.'],
    ['GET', '/nodes?filters={"nope":["x"]}', 'This node is not a swarm manager.'],
  ])('is told first what is wrong with %s %s', async (method, path, message) => {
    const answer = await ask(serve(outsider()), method, encodeURI(path), method === 'POST' ? { body: {} } : {});
    expect(messageOf(answer)).toContain(message);
  });
});
