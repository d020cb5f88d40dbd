import { beforeEach, expect, test } from 'vitest';
import { VirtualClock } from '../../../server/clock/virtual-clock.ts';
import { EngineServer } from '../../../server/engine/simulator/http/engine-server.ts';
import { SimulatedEngine } from '../../../server/engine/simulator/simulated-engine.ts';
import { InProcessUpstream } from '../../../server/gateway/upstream/in-process-upstream.ts';
import { ask, messageOf } from '../gateway/in-process.ts';

let clock: VirtualClock;
let api: InProcessUpstream;
beforeEach(() => {
  clock = new VirtualClock();
  const machine = { hostname: 'master', cpus: 2, memoryBytes: 2 ** 31, engineVersion: '26.1.5+dfsg1' };
  const join = () => {
    throw new Error('nothing runs here');
  };
  const server = new EngineServer(new SimulatedEngine({ clock, machine, wire: { pull: () => undefined, join } }));
  api = new InProcessUpstream({ handler: (req, res) => server.handler(req, res) });
});

const refusal = async (method: string, path: string, body?: object) => {
  const answer = await ask(api, method, path, body === undefined ? {} : { body });
  return [answer.status, messageOf(answer)];
};

test('every answer has the headers of a daemon, but none where there is no such path', async () => {
  const { headers } = await ask(api, 'GET', '/v1.45/networks');
  expect(headers).toMatchObject({ server: 'Docker/26.1.5+dfsg1 (linux)', 'docker-experimental': 'false' });
  const nowhere = await ask(api, 'GET', '/v1.45/nothing');
  expect([nowhere.status, nowhere.headers.server, messageOf(nowhere)]).toEqual([404, undefined, 'page not found']);
  expect((await ask(api, 'HEAD', '/info')).status).toBe(404);
});

test('what a daemon has and a simulated engine has not is told as such', async () => {
  expect(await refusal('POST', '/containers/x/checkpoints')).toEqual([
    501,
    expect.stringContaining('simulated engine'),
  ]);
});

test('each network of a node has a subnet of its own', async () => {
  await ask(api, 'POST', '/networks/create', { body: { Name: 'mine' } });
  const { text } = await ask(api, 'GET', '/networks');
  const networks = JSON.parse(text) as { Name: string; IPAM: { Config: { Subnet: string }[] | null } }[];
  const subnets = networks.flatMap(({ IPAM }) => (IPAM.Config ?? []).map(({ Subnet }) => Subnet));
  expect(subnets).toEqual(['172.17.0.0/16', '172.18.0.0/16']);
  expect(networks.find(({ Name }) => Name === 'host')?.IPAM.Config).toBeNull();
});

test.each([
  [{}, 400, 'invalid name: '],
  [{ Name: 'bridge', Driver: 'nope' }, 409, 'network with name bridge already exists'],
  [{ Name: 'x', Driver: 'nope' }, 404, 'plugin "nope" not found'],
])('a network of %j is refused', async (body, status, message) => {
  expect(await refusal('POST', '/networks/create', body)).toEqual([status, message]);
});

test('events of the past end at until', async () => {
  await ask(api, 'POST', '/networks/create', { body: { Name: 'early' } });
  const between = clock.now() / 1000 + 1;
  await clock.advance(2_000);
  await ask(api, 'POST', '/networks/create', { body: { Name: 'late' } });
  const { text } = await ask(api, 'GET', `/events?since=0&until=${between}`);
  expect([text.includes('early'), text.includes('late')]).toEqual([true, false]);
  expect(await refusal('GET', '/events?since=5&until=3')).toEqual([
    400,
    '`since` time (5) cannot be after `until` time (3)',
  ]);
  expect(await refusal('GET', '/events?until=x')).toEqual([500, 'strconv.ParseInt: parsing "x": invalid syntax']);
  expect(await refusal('GET', '/events?until=1&filters=[]')).toEqual([400, 'invalid filter']);
});
