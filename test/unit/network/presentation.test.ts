import { afterEach, beforeEach, expect, test } from 'vitest';
import { engineId, type FakeApis, freshNode } from './fake-apis.ts';
import { ADDRESSES, overlayId, type TestOverlay, type TestTask } from './fake-node.ts';

const ATT: TestOverlay = {
  ...{ name: 'att', prefix: '10.0.1', vni: 4097, nodes: { a: 10 }, spec: { Attachable: true } },
  services: { web: { vip: '10.0.1.2' } },
};
const TASK: TestTask = { id: 't1', node: 'a', service: 'web', on: { att: '10.0.1.3' } };

let node: FakeApis;
beforeEach(() => {
  node = freshNode();
});
afterEach(() => node.networks.close());

type Shown = {
  Name: string;
  Id: string;
  Scope: string;
  Driver: string;
  Containers: Record<string, { Name: string }> | null;
};

async function list(filters?: object): Promise<Shown[]> {
  const query = filters ? `?${new URLSearchParams({ filters: JSON.stringify(filters) })}` : '';
  return (await node.ask('GET', `/networks${query}`)).body as Shown[];
}

const names = async (filters?: object) => (await list(filters)).map(({ Name }) => Name).sort();
const inspect = async (url: string) => (await node.ask('GET', `/networks/${url}`)).body as Record<string, unknown>;
const messageOf = async (method: string, url: string, body?: unknown) => {
  const answer = await node.ask(method, url, body);
  return [answer.status, (answer.body as { message: string } | undefined)?.message];
};

test('a manager lists its swarm’s networks once, and no bridge behind them', async () => {
  node.carry(ATT);
  node.store('att');
  node.store('elsewhere');
  const networks = await list();
  expect(networks.map(({ Name, Driver, Scope }) => `${Name} ${Driver} ${Scope}`).sort()).toEqual([
    'att overlay swarm',
    'bridge bridge local',
    'docker_gwbridge bridge local',
    'elsewhere overlay swarm',
    'host host local',
    'ingress overlay swarm',
    'none null local',
  ]);
  expect(networks.find(({ Name }) => Name === 'att')).toMatchObject({ Id: overlayId('att'), Containers: null });
});

test('a worker lists the overlays that are in place on it', async () => {
  node.manager = false;
  node.store('elsewhere');
  expect(await names()).toEqual(['bridge', 'docker_gwbridge', 'host', 'ingress', 'none']);
  node.carry(ATT);
  expect(await names({ driver: ['overlay'] })).toEqual(['att', 'ingress']);
});

test.each([
  [{ driver: ['overlay'] }, ['ingress']],
  [{ scope: ['local'] }, ['bridge', 'docker_gwbridge', 'host', 'none']],
  [{ type: ['builtin'] }, ['bridge', 'host', 'none']],
  [{ type: ['custom'] }, ['docker_gwbridge', 'ingress']],
  [{ dangling: ['true'] }, ['docker_gwbridge', 'ingress']],
  [{ name: ['^in'] }, ['ingress']],
  [{ name: { gwb: true } }, ['docker_gwbridge']],
  [{ id: [overlayId('ingress').slice(0, 9)] }, ['ingress']],
  [{ label: ['a'] }, []],
])('filters %j give %j', async (filters, expected) => {
  expect(await names(filters)).toEqual(expected);
});

test('filters that Docker does not know are refused in its words', async () => {
  const refused = (filters: object) =>
    messageOf('GET', `/networks?${new URLSearchParams({ filters: JSON.stringify(filters) })}`);
  expect(await refused({ nope: ['x'] })).toEqual([400, "invalid filter 'nope'"]);
  expect(await refused({ dangling: ['x'] })).toEqual([
    400,
    `invalid value for filter 'dangling', must be "true" (or "1"), or "false" (or "0")`,
  ]);
});

test('the ingress network is shown with its own endpoint and its peers', async () => {
  const shown = await inspect('ingress');
  expect(Object.keys(shown)).toEqual([
    ...['Name', 'Id', 'Created', 'Scope', 'Driver', 'EnableIPv6', 'IPAM', 'Internal', 'Attachable', 'Ingress'],
    ...['ConfigFrom', 'ConfigOnly', 'Containers', 'Options', 'Labels', 'Peers'],
  ]);
  expect(shown).toMatchObject({
    Ingress: true,
    IPAM: { Driver: 'default', Options: null, Config: [{ Subnet: '10.0.0.0/24', Gateway: '10.0.0.1' }] },
    Options: { 'com.docker.network.driver.overlay.vxlanid_list': '4096' },
    Containers: {
      'ingress-sbox': { Name: 'ingress-endpoint', MacAddress: '02:42:0a:00:00:02', IPv4Address: '10.0.0.2/24' },
    },
  });
  const peers = shown.Peers as { Name: string; IP: string }[];
  expect(peers.map(({ IP }) => IP)).toEqual(Object.values(ADDRESSES));
  for (const { Name } of peers) expect(Name).toMatch(/^[0-9a-f]{12}$/);
});

test('an overlay with containers shows them and the node’s endpoint; verbose adds its services', async () => {
  node.carry(ATT, [TASK]);
  node.container('web.1.t1', ['att']);
  const shown = await inspect(`${overlayId('att')}?verbose=true`);
  const containers = shown.Containers as Record<string, { Name: string }>;
  expect(Object.values(containers).map(({ Name }) => Name)).toEqual(['web.1.t1', 'att-endpoint']);
  expect(Object.keys(containers)[1]).toBe('lb-att');
  expect(await inspect('ingress?verbose=true')).not.toHaveProperty('Services');
  expect(shown.Services).toMatchObject({
    web: {
      ...{ VIP: '10.0.1.2', Ports: [], LocalLBIndex: 256 },
      Tasks: [{ Name: 'web.1.t1', EndpointIP: '10.0.1.3', Info: { 'Host IP': ADDRESSES.a } }],
    },
  });
});

test('docker_gwbridge has the ingress sandbox on it, and its options as Swarm sets them', async () => {
  expect(await inspect('docker_gwbridge')).toMatchObject({
    Containers: { 'ingress-sbox': { Name: 'gateway_ingress-sbox', IPv4Address: '172.18.0.2/16' } },
    Options: { 'com.docker.network.bridge.enable_icc': 'false' },
    Labels: {},
  });
});

test('docker_gwbridge has an end for each container on an overlay, whose address stays', async () => {
  node.carry(ATT, [TASK]);
  const first = node.container('web.1.t1', ['att']);
  const members = async () => (await inspect('docker_gwbridge')).Containers as Record<string, { IPv4Address: string }>;
  expect(Object.keys(await members()).sort()).toEqual([first.Id, 'ingress-sbox'].sort());
  const second = node.container('web.2.t2', ['att']);
  expect((await members())[second.Id]).toMatchObject({
    Name: expect.stringMatching(/^gateway_[0-9a-f]{12}$/),
    IPv4Address: '172.18.0.4/16',
  });
  expect((await members())[first.Id]).toMatchObject({ IPv4Address: '172.18.0.3/16' });
});

test('a network is found by ID, name and the beginning of an ID, within its scope', async () => {
  node.store('elsewhere');
  expect(await inspect('elsewhere')).toMatchObject({ Id: overlayId('elsewhere') });
  expect(await inspect('elsew')).toMatchObject({ Name: 'elsewhere' });
  expect(await inspect('host')).toMatchObject({ Scope: 'local' });
  expect(await inspect('host?scope=swarm')).toMatchObject({ Id: overlayId('host'), Scope: 'swarm' });
  expect(await messageOf('GET', '/networks/ingress?scope=local')).toEqual([404, 'network ingress not found']);
  expect(await messageOf('GET', '/networks/nosuch')).toEqual([404, 'network nosuch not found']);
});

test('a manager that waits for its key lists no overlays', async () => {
  node.locked = true;
  expect(await names()).toEqual(['bridge', 'docker_gwbridge', 'host', 'none']);
});

test('without a leader a manager knows the networks of its own node, and can make none', async () => {
  node.store('elsewhere');
  node.led = false;
  expect(await names()).toEqual(['bridge', 'docker_gwbridge', 'host', 'ingress', 'none']);
  expect(await inspect('ingress')).toMatchObject({ Name: 'ingress' });
  expect(await messageOf('GET', '/networks/elsewhere')).toEqual([404, 'network elsewhere not found']);
  const made = await messageOf('POST', '/networks/create', { Name: 'x', Driver: 'overlay' });
  expect(made).toEqual([500, 'rpc error: code = Unknown desc = no leader']);
});

test('overlays are made by managers, under a name that nobody has', async () => {
  const made = await node.ask('POST', '/networks/create', { Name: 'x', Driver: 'overlay' });
  expect(made).toMatchObject({
    status: 201,
    body: { asked: '/networks/create?taken=bridge&taken=host&taken=none&taken=docker_gwbridge' },
  });
  expect(await messageOf('POST', '/networks/create', { Name: 'ingress', Driver: 'bridge' })).toEqual([
    409,
    'network with name ingress already exists',
  ]);
  node.manager = false;
  const [status, message] = await messageOf('POST', '/networks/create', { Name: 'x', Driver: 'overlay' });
  expect(status).toBe(403);
  expect(message).toMatch(/^This node is not a swarm manager\. Use "docker swarm init"/);
  const create = () => messageOf('POST', '/networks/create', { Name: 'x', Driver: 'bridge', Scope: 'swarm' });
  expect((await create())[1]).toMatch(/^Cannot create a multi-host network from a worker node/);
  node.overlays.length = 0;
  expect((await create())[1]).toBe('cannot create a swarm scoped network when swarm is not active');
});

test('networks are removed where they belong; docker_gwbridge is in use', async () => {
  node.store('att');
  expect(await node.ask('DELETE', '/networks/att')).toEqual({ status: 204 });
  expect(await node.ask('DELETE', '/networks/bridge')).toEqual({ status: 204 });
  const [status, message] = await messageOf('DELETE', '/networks/docker_gwbridge');
  expect(status).toBe(403);
  expect(message).toContain('has active endpoints');
});

test('prune takes unused overlays and leaves what carries the others', async () => {
  node.store('unused');
  node.store('used', { inUse: true });
  const { body } = await node.ask('POST', '/networks/prune');
  expect(body).toEqual({ NetworksDeleted: ['unused'] });
});

test("prune takes the node's own networks that no container is on, as far as labels and times say so", async () => {
  const own = { one: { a: '1' }, two: { b: '1' }, both: { a: '1', b: '1' } };
  for (const [Name, Labels] of Object.entries(own)) node.own.push({ Id: engineId(Name), Name, Labels });
  const prune = async (filters: object) => {
    const { body } = await node.ask('POST', `/networks/prune?filters=${JSON.stringify(filters)}`);
    return (body as { NetworksDeleted: string[] | null }).NetworksDeleted;
  };
  expect(await prune({ label: ['a'] })).toEqual(['one', 'both']);
  expect(await prune({ 'label!': ['a', 'b'] })).toEqual(['one', 'two']);
  expect(await prune({ until: ['2025-01-01T00:00:00Z'] })).toBeNull();
  expect(await prune({})).toEqual(['one', 'two', 'both']);
  const refused = await messageOf('POST', `/networks/prune?filters=${JSON.stringify({ until: ['xx'] })}`);
  expect(refused).toEqual([400, 'failed to parse value as time or duration: "xx"']);
});

test('a plain container gets its address from the orchestrator when it starts and gives it back when it ends', async () => {
  node.carry(ATT);
  node.store('att', { attachable: true });
  const container = node.container('c', ['att'], false);
  const started = await node.networks.starting('c');
  expect(container.NetworkSettings.Networks.att?.IPAMConfig).toEqual({ IPv4Address: '10.0.1.20' });
  expect([...node.attached]).toEqual([`${overlayId('att')} ${container.Id}`]);
  container.State.Running = true;
  await started(true);

  await node.ended('c');
  expect(node.attached.size).toBe(0);
  expect(container.NetworkSettings.Networks.att?.IPAMConfig ?? null).toBeNull();

  await node.networks.starting('c');
  expect(container.NetworkSettings.Networks.att?.IPAMConfig).toEqual({ IPv4Address: '10.0.1.21' });
});

test('an address that was asked for is kept over restarts', async () => {
  node.carry(ATT);
  node.store('att', { attachable: true });
  const container = node.container('c', ['att'], false);
  const endpoint = container.NetworkSettings.Networks.att;
  if (endpoint) endpoint.IPAMConfig = { IPv4Address: '10.0.1.77' };
  await (await node.networks.starting('c'))(true);
  await node.ended('c');
  await node.networks.starting('c');
  expect(container.NetworkSettings.Networks.att?.IPAMConfig).toEqual({ IPv4Address: '10.0.1.77' });
});

test('a container that does not start after all has no attachment left', async () => {
  node.carry(ATT);
  node.store('att', { attachable: true });
  node.container('c', ['att'], false);
  await (await node.networks.starting('c'))(false);
  expect(node.attached.size).toBe(0);
});

test('a network that may not be joined, or is none, is told in Swarm’s words', async () => {
  node.store('plain');
  node.container('c', ['plain'], false);
  await expect(node.networks.starting('c')).rejects.toThrow(
    'Could not attach to network plain: rpc error: code = PermissionDenied desc = network plain not manually attachable',
  );
  node.container('running', ['bridge']);
  expect(await messageOf('POST', '/networks/nosuch/connect', { Container: 'running' })).toEqual([
    500,
    'Could not attach to network nosuch: rpc error: code = NotFound desc = network nosuch not found',
  ]);
  expect(await messageOf('POST', '/networks/plain/connect', { Container: 'nobody' })).toEqual([
    404,
    'No such container: nobody',
  ]);
});

test('what --rm made goes when it may not start', async () => {
  node.store('plain');
  node.container('kept', ['plain'], false);
  node.container('gone', ['plain'], false).HostConfig.AutoRemove = true;
  for (const name of ['kept', 'gone'])
    await expect(node.networks.starting(name)).rejects.toThrow('not manually attachable');
  expect([...node.containers.keys()]).toEqual(['kept']);
});

test('a running container is connected once, and disconnected again', async () => {
  node.carry(ATT);
  node.store('att', { attachable: true });
  const container = node.container('c', ['bridge']);
  expect(await node.ask('POST', '/networks/att/connect', { Container: 'c' })).toEqual({ status: 200 });
  expect(container.NetworkSettings.Networks.att?.IPAddress).toBe('10.0.1.20');
  expect(await messageOf('POST', '/networks/att/connect', { Container: 'c' })).toEqual([
    409,
    'c is already attached to network att',
  ]);
  expect(await node.ask('POST', '/networks/att/disconnect', { Container: 'c' })).toEqual({ status: 200 });
  expect(Object.keys(container.NetworkSettings.Networks)).toEqual(['bridge']);
  expect(node.attached.size).toBe(0);
});

test('containers and events tell of overlays, filters ask for them', async () => {
  node.carry(ATT, [TASK]);
  const NetworkID = engineId('att');
  const networks = { att: { NetworkID, IPAddress: '10.0.1.3', Gateway: '10.0.1.10', MacAddress: '' } };
  expect(node.networks.container({ Id: 'x', NetworkSettings: { Ports: {}, Networks: networks } })).toEqual({
    Id: 'x',
    NetworkSettings: {
      Ports: {},
      Networks: {
        att: { NetworkID: overlayId('att'), IPAddress: '10.0.1.3', Gateway: '', MacAddress: '02:42:0a:00:01:03' },
      },
    },
  });
  const Actor = { ID: NetworkID, Attributes: { container: 'x', name: 'att', type: 'bridge' } };
  expect(node.networks.event({ Type: 'network', Action: 'connect', Actor })).toMatchObject({
    Actor: { ID: overlayId('att'), Attributes: { container: 'x', name: 'att', type: 'overlay' } },
  });
  expect(JSON.parse(node.networks.filters('{"network":["att"],"status":["running"]}'))).toEqual({
    network: [NetworkID],
    status: ['running'],
  });
});

test('a container may name its network by ID', async () => {
  node.carry(ATT);
  node.store('elsewhere');
  const named = async (network: string) =>
    node.networks.creating({
      HostConfig: { NetworkMode: network },
      NetworkingConfig: { EndpointsConfig: { [network]: { Aliases: ['x'] } } },
    });
  expect(await named(overlayId('att'))).toEqual({
    HostConfig: { NetworkMode: 'att' },
    NetworkingConfig: { EndpointsConfig: { att: { Aliases: ['x'] } } },
  });
  expect(await named(overlayId('elsewhere').slice(0, 9))).toMatchObject({ HostConfig: { NetworkMode: 'elsewhere' } });
  expect(await named('nosuch')).toMatchObject({ HostConfig: { NetworkMode: 'nosuch' } });
});

test('a container is looked for before the network that it is to join or leave', async () => {
  const noName = [400, 'invalid name or ID supplied: ""'];
  expect(await messageOf('POST', '/networks/nosuch/connect', {})).toEqual(noName);
  expect(await messageOf('POST', '/networks/nosuch/disconnect')).toEqual(noName);
  expect(await messageOf('POST', '/networks/nosuch/disconnect', { Container: 'nobody' })).toEqual([
    404,
    'No such container: nobody',
  ]);
});

test('bodies of the wrong type are refused in Go’s words', async () => {
  expect(await messageOf('POST', '/networks/create', [])).toEqual([
    400,
    'invalid JSON: json: cannot unmarshal array into Go value of type types.NetworkCreateRequest',
  ]);
  expect(await messageOf('POST', '/networks/create', { Name: 1 })).toEqual([
    400,
    'invalid JSON: json: cannot unmarshal number into Go struct field NetworkCreateRequest.Name of type string',
  ]);
  expect(await messageOf('POST', '/networks/ingress/connect', 3)).toEqual([
    400,
    'invalid JSON: json: cannot unmarshal number into Go value of type types.NetworkConnect',
  ]);
});

test('a name may have slashes in it, and none at all means every network there is', async () => {
  expect(await messageOf('GET', '/networks/a/b')).toEqual([404, 'network a/b not found']);
  expect(await messageOf('DELETE', '/networks/')).toEqual([
    400,
    'network  is ambiguous (5 matches found based on ID prefix)',
  ]);
  expect((await list()).map((network) => Object.keys(network)[0])).toEqual(Array(5).fill('Name'));
});

test('the store finds a network by its whole name and the beginning of its ID, a node by any part of either', async () => {
  node.store('elsewhere');
  node.store('ingress', { ingress: true });
  const id = overlayId('elsewhere');
  expect(await names({ name: ['elsewhere'] })).toEqual(['elsewhere']);
  expect(await names({ name: ['else'] })).toEqual([]);
  expect(await names({ id: [id.slice(0, 9)] })).toEqual(['elsewhere']);
  expect(await names({ id: [id.slice(1, 9)] })).toEqual([]);
  const [ingress] = await list({ name: ['ingr'] });
  expect(ingress).toMatchObject({ Name: 'ingress', Containers: {}, Peers: expect.any(Array) });
});

test('a node has left when neither containers of tasks nor overlays are on it', async () => {
  const label = (name: string) =>
    Object.assign(node.container(name, ['ingress']).Config.Labels, {
      'com.docker.swarm.task.id': 't1',
      'com.docker.swarm.task.name': 'task',
    });
  for (const name of ['task', 'of-a-labelled-image']) label(name);
  let left = false;
  node.networks.left().then(() => {
    left = true;
  });
  await node.clock.advance(200);
  node.containers.delete('task');
  await node.clock.advance(200);
  expect(left).toBe(false);
  node.overlays.length = 0;
  await node.clock.advance(200);
  expect(left).toBe(true);
});

test('an overlay that is left over from a swarm before gives way to the one of its name in the store', async () => {
  node.stored.push({ Id: 'a'.repeat(25), Name: 'ingress', Ingress: true });
  expect((await node.ask('DELETE', '/networks/ingress')).status).toBe(204);
});
