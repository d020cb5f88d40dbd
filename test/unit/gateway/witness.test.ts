import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../../../server/clock/virtual-clock.ts';
import { createGateway } from '../../../server/gateway/gateway.ts';
import { type ClientKind, Witness } from '../../../server/gateway/witness/witness.ts';
import { ask, FakeUpstream, gatewayInProcess, readAll } from './in-process.ts';

const witnessed = (path: string) => ({
  method: 'GET',
  path,
  query: {},
  filters: {},
  client: 'command' as ClientKind,
  userAgent: 'Docker-Client/26.1.5 (linux)',
});

describe('the witness', () => {
  test('numbers requests and times them', async () => {
    const clock = new VirtualClock();
    const witness = new Witness(clock);
    let status: number | undefined;
    const logs = witness.saw(witnessed('/services/web/logs'), () => status);
    await clock.advance(100);
    status = 200;
    expect(witness.requests()).toMatchObject([{ sequence: 1, status: 200, duration: undefined }]);
    await clock.advance(400);
    logs.closed();
    witness.saw(witnessed('/nodes'), () => undefined);
    expect(witness.requests()).toMatchObject([
      { sequence: 1, at: '2026-01-01T00:00:00.000000000Z', status: 200, duration: 500 },
      { sequence: 2, at: '2026-01-01T00:00:00.500000000Z', status: undefined, duration: undefined },
    ]);
    expect(witness.requests({ since: 1 }).map(({ path }) => path)).toEqual(['/nodes']);
    expect(witness.requests({ since: witness.last() })).toEqual([]);
  });

  test('forgets the oldest and never gives a number twice', () => {
    const witness = new Witness(new VirtualClock(), 10);
    for (let at = 1; at <= 35; at++) witness.saw(witnessed(`/${at}`), () => 200);
    const sequences = witness.requests().map(({ sequence }) => sequence);
    expect(sequences).toEqual([26, 27, 28, 29, 30, 31, 32, 33, 34, 35]);
    expect(witness.requests({ since: 3 })).toHaveLength(10);
    expect(witness.requests({ since: 33 }).map(({ path }) => path)).toEqual(['/34', '/35']);
  });

  test('sees what was asked, however it was answered', async () => {
    const witness = new Witness(new VirtualClock());
    const engine = new FakeUpstream();
    const guard = { home: '/home/vagrant', gatewaySocket: '/var/run/docker.sock' };
    const gateway = gatewayInProcess({ engine, guard, witness });
    const filters = encodeURIComponent('{"desired-state":{"running":true},"service":{"web":true}}');
    await ask(gateway, 'GET', `/v1.45/tasks?filters=${filters}`);
    await ask(gateway, 'POST', '/v1.45/services/create', { body: { Name: 'web' } });
    await ask(gateway, 'POST', '/v1.45/plugins/pull?remote=x');
    expect(witness.requests()).toMatchObject([
      {
        method: 'GET',
        path: '/tasks',
        filters: { 'desired-state': ['running'], service: ['web'] },
        status: 200,
        client: 'command',
      },
      { method: 'POST', path: '/services/create', bodyDigest: expect.stringMatching(/^[0-9a-f]{64}$/), status: 200 },
      { method: 'POST', path: '/plugins/pull', query: { remote: 'x' }, status: 403 },
    ]);
  });

  test('tells the student’s commands from what the CLI and the shell ask by themselves', async () => {
    const witness = new Witness(new VirtualClock());
    const folder = mkdtempSync(join(tmpdir(), 'witness-'));
    const gateway = createGateway({ clock: new VirtualClock(), engine: new FakeUpstream(), swarm: undefined, witness });
    const listener = await gateway.listen(join(folder, 'docker.sock'));
    /** One run of the CLI: one connection, one request after the other. */
    const command = async (...requests: [method: string, path: string, headers?: Record<string, string>][]) => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      for (const [method, path, headers = {}] of requests) {
        const call = request({ socketPath: listener.path, agent, method, path, headers }).end();
        const [answer] = (await once(call, 'response')) as [IncomingMessage];
        await readAll(answer);
      }
      agent.destroy();
    };
    await command(['HEAD', '/_ping'], ['GET', '/v1.45/services?status=true']);
    await command(
      ['HEAD', '/_ping'],
      ['POST', '/v1.45/services/create'],
      ['GET', '/v1.45/services/abc?insertDefaults=false'],
      ['GET', '/v1.45/tasks?filters=%7B%22_up-to-date%22%3A%7B%22true%22%3Atrue%7D%7D'],
      ['GET', '/v1.45/nodes'],
    );
    await command(['GET', '/v1.45/nodes', { 'x-swarmlab-completion': '1' }]);
    await command(['GET', '/v1.45/services']);
    await command(['GET', '/v1.45/nodes']);
    expect(witness.requests().map(({ path, client }) => `${client} ${path}`)).toEqual([
      'probe /_ping',
      'command /services',
      'probe /_ping',
      'command /services/create',
      'polling /services/abc',
      'polling /tasks',
      'polling /nodes',
      'completion /nodes',
      'completion /services',
      'command /nodes',
    ]);
    await listener.close();
    rmSync(folder, { recursive: true });
  });

  test('does not see what graders ask, who have a gateway without it', async () => {
    const witness = new Witness(new VirtualClock());
    const engine = new FakeUpstream();
    gatewayInProcess({ engine, witness });
    await ask(gatewayInProcess({ engine }), 'GET', '/v1.45/services');
    expect(witness.requests()).toEqual([]);
  });
});
