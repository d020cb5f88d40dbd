import { describe, expect, test } from 'vitest';
import { ask, FakeUpstream, gatewayInProcess, messageOf } from './in-process.ts';

const DAEMON = { 'api-version': '1.45', ostype: 'linux', server: 'Docker/26.1.5+dfsg1 (linux)' };

function gateway() {
  const engine = new FakeUpstream();
  const swarm = new FakeUpstream();
  return { engine, swarm, asked: gatewayInProcess({ engine, swarm }) };
}

describe('a request that leads nowhere', () => {
  test.each([
    ['//services', '/services'],
    ['/services//?a=b%20c', '/services/?a=b%20c'],
    ['/services/../nodes', '/nodes'],
    ['/services/%2e', '/services'],
    ['/v1.45//a%20b!', '/v1.45/a%20b%21'],
  ])('is sent from %s to %s, and nobody asked', async (path, location) => {
    const { engine, swarm, asked } = gateway();
    const { status, headers, text } = await ask(asked, 'GET', path);
    expect([status, headers.location, headers.server, text]).toEqual([301, location, undefined, '']);
    expect([...engine.seen, ...swarm.seen]).toEqual([]);
  });

  test('is no request when it is not even encoded', async () => {
    const { status, headers, text } = await ask(gateway().asked, 'GET', '/services/%zz');
    expect([status, headers['content-type'], text]).toEqual([400, 'text/plain; charset=utf-8', '400 Bad Request']);
  });

  test('in an unknown version is refused before the daemon says all of itself', async () => {
    const answer = await ask(gateway().asked, 'GET', '/v1.46/nodes');
    expect(answer.headers).toMatchObject(DAEMON);
    expect(answer.headers).not.toHaveProperty('docker-experimental');
    expect(messageOf(answer)).toBe('client version 1.46 is too new. Maximum supported API version is 1.45');
  });
});

test('OPTIONS has nothing to say, whatever the path, and nobody is asked', async () => {
  const { engine, swarm, asked } = gateway();
  const { status, headers, text } = await ask(asked, 'OPTIONS', '/services/whatever');
  expect([status, text]).toEqual([200, '']);
  expect(headers).toMatchObject(DAEMON);
  expect([...engine.seen, ...swarm.seen]).toEqual([]);
});

test('only GET and HEAD ping', async () => {
  const { swarm, asked } = gateway();
  await ask(asked, 'POST', '/_ping');
  expect(swarm.seen).toEqual([]);
});
