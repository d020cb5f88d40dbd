import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../../../server/clock/virtual-clock.ts';
import { ask, FakeUpstream, gatewayInProcess, messageOf, type Seen } from './in-process.ts';

/** Answers by path, without version and query. */
function answering(answers: Record<string, unknown>, headers: Record<string, string> = {}) {
  return (seen: Seen, res: ServerResponse) => {
    const path = seen.url.replace(/^\/v[\d.]+/, '').split('?')[0] ?? '';
    const known = path in answers;
    res.writeHead(known ? 200 : 404, { 'content-type': 'application/json', ...headers });
    res.end(JSON.stringify(known ? answers[path] : { message: `no ${path} here` }));
  };
}

describe('an engine with a swarm of ours in front of it', () => {
  test('sends what is the swarm’s to the swarm and the rest to the engine', async () => {
    const engine = new FakeUpstream();
    const swarm = new FakeUpstream();
    const gateway = gatewayInProcess({ engine, swarm });
    for (const path of ['services', 'tasks/t', 'nodes', 'swarm', 'secrets/s', 'configs', 'services/web/logs?follow=1'])
      await ask(gateway, 'GET', `/v1.45/${path}`);
    for (const path of ['images/json', 'volumes', 'version', 'servicesx']) await ask(gateway, 'GET', `/v1.45/${path}`);
    expect(swarm.seen).toHaveLength(7);
    expect(engine.seen.map(({ url }) => url)).toEqual([
      '/v1.45/images/json',
      '/v1.45/volumes',
      '/v1.45/version',
      '/v1.45/servicesx',
    ]);
  });

  test('says in its ping and its info what it is in the swarm', async () => {
    const engine = new FakeUpstream(
      answering({
        '/_ping': 'OK',
        '/info': { Name: 'master', Swarm: { LocalNodeState: 'inactive' }, Warnings: ['disk'] },
      }),
    );
    const section = { LocalNodeState: 'active', Warnings: ['two managers'] };
    const swarm = new FakeUpstream(
      answering({ '/_ping': {}, '/info': { Swarm: section } }, { swarm: 'active/manager' }),
    );
    const gateway = gatewayInProcess({ engine, swarm });
    expect((await ask(gateway, 'HEAD', '/_ping')).headers.swarm).toBe('active/manager');
    const info = await ask(gateway, 'GET', '/v1.45/info');
    expect(JSON.parse(info.text)).toEqual({ Name: 'master', Swarm: section, Warnings: ['disk', 'two managers'] });
  });

  test('says so when the orchestrator does not answer, and works on', async () => {
    const engine = new FakeUpstream(answering({ '/_ping': 'OK', '/info': { Swarm: {} } }));
    const swarm = new FakeUpstream((_, res) => void res.destroy());
    const gateway = gatewayInProcess({ engine, swarm });
    expect((await ask(gateway, 'HEAD', '/_ping')).headers.swarm).toBe('error');
    const { Swarm } = JSON.parse((await ask(gateway, 'GET', '/info')).text);
    expect(Swarm).toMatchObject({ LocalNodeState: 'error', Error: expect.stringContaining('does not answer') });
    const services = await ask(gateway, 'GET', '/services');
    expect(services.status).toBe(503);
  });

  test('tells tasks from other containers, though the engine cannot', async () => {
    const containers = [
      { Id: 'a', Labels: { 'com.docker.swarm.task.id': 't' } },
      { Id: 'b', Labels: {} },
    ];
    const engine = new FakeUpstream(answering({ '/containers/json': containers }));
    const gateway = gatewayInProcess({ engine, swarm: new FakeUpstream() });
    const listed = async (filters: object) => {
      const path = `/containers/json?all=1&filters=${encodeURIComponent(JSON.stringify(filters))}`;
      const { text } = await ask(gateway, 'GET', path);
      return (JSON.parse(text) as { Id: string }[]).map(({ Id }) => Id);
    };
    expect(await listed({ 'is-task': { true: true } })).toEqual(['a']);
    expect(await listed({ 'is-task': ['false'], name: ['x'] })).toEqual(['b']);
    expect(await listed({})).toEqual(['a', 'b']);
    const asked = new URL(engine.seen[1]?.url ?? '', 'http://engine').searchParams;
    expect([asked.get('all'), asked.get('filters')]).toEqual(['1', '{"name":["x"]}']);
  });

  test('refuses versions that the engine does not speak', async () => {
    const gateway = gatewayInProcess({ engine: new FakeUpstream(), swarm: new FakeUpstream() });
    expect((await ask(gateway, 'GET', '/v1.99/info')).status).toBe(400);
  });
});

describe('events', () => {
  const start = Date.UTC(2026, 0, 1) / 1000;
  const line = (second: number, Type: string) => `{"Type":"${Type}","timeNano":${start + second}123456789}\n`;
  const telling = (text: string) =>
    new FakeUpstream((_, res) => void res.writeHead(200, { 'content-type': 'application/json' }).end(text));

  test('of the past come in the order of their times, each as exact as it was told', async () => {
    const clock = new VirtualClock();
    await clock.advance(60_000);
    const engine = telling(line(1, 'container') + line(3, 'network'));
    const swarm = telling(line(2, 'service') + line(4, 'node'));
    const gateway = gatewayInProcess({ clock, engine, swarm });
    const { text } = await ask(gateway, 'GET', `/v1.45/events?since=${start}&until=${start + 10}`);
    expect(text).toBe(line(1, 'container') + line(2, 'service') + line(3, 'network') + line(4, 'node'));
  });

  test.each(['until=1&filters=x', 'since=x', 'filters=x'])(
    'asked for as %s are refused as the engine does',
    async (query) => {
      const refusing = (message: string) =>
        new FakeUpstream((_, res) => void res.writeHead(400).end(JSON.stringify({ message })));
      const gateway = gatewayInProcess({ engine: refusing('of the engine'), swarm: refusing('of the swarm') });
      const answer = await ask(gateway, 'GET', `/events?${query}`);
      expect([answer.status, messageOf(answer)]).toEqual([400, 'of the engine']);
    },
  );

  test('go on with what happens from now on', async () => {
    const clock = new VirtualClock();
    await clock.advance(60_000);
    const both = (past: string, live: string) =>
      new FakeUpstream((seen, res) => {
        const until = new URL(seen.url, 'http://upstream').searchParams.get('until');
        res.writeHead(200).end(until === null ? live : past);
      });
    const engine = both(line(3, 'container'), line(61, 'image'));
    const swarm = both(line(2, 'service'), '');
    const gateway = gatewayInProcess({ clock, engine, swarm });
    const { text } = await ask(gateway, 'GET', `/events?since=${start}`);
    expect(text).toBe(line(2, 'service') + line(3, 'container') + line(61, 'image'));
    const asked = engine.seen.map(({ url }) => new URL(url, 'http://engine').searchParams);
    expect(asked[0]?.get('until')).toBe(`${start + 60}.000000000`);
    expect(asked[1]?.get('since')).toBe(`${start + 60}.000000001`);
  });
});
