import { beforeEach, expect, test } from 'vitest';
import type { ApiObject, ControlApi } from '../../../server/orchestrator/api/control-api.ts';
import { serviceBody, TestFleet } from './test-fleet.ts';

let fleet: TestFleet;
let control: ControlApi;
beforeEach(async () => {
  fleet = new TestFleet();
  await fleet.swarm(['master'], ['worker1']);
  control = fleet.control();
});

const overlay = (name: string, more: ApiObject = {}) => ({ Name: name, Driver: 'overlay', ...more });
const subnet = (config: ApiObject) => overlay('net', { IPAM: { Config: [config] } });
const invalid = (text: string) => `rpc error: code = InvalidArgument desc = ${text}`;

test('a network looks as Docker shows one that lives in the swarm alone', async () => {
  const { Id } = await control.networks.create(
    overlay('net', {
      Attachable: true,
      Internal: true,
      Labels: { a: 'b' },
      Options: { encrypted: '' },
      IPAM: { Driver: 'default', Options: {}, Config: [{ Subnet: '10.77.0.0/24', IPRange: '10.77.0.128/25' }] },
    }),
  );
  expect(control.networks.get('net')).toEqual({
    Name: 'net',
    Id,
    Created: expect.any(String),
    Scope: 'swarm',
    Driver: 'overlay',
    EnableIPv6: false,
    IPAM: {
      Driver: 'default',
      Options: null,
      Config: [{ Subnet: '10.77.0.0/24', IPRange: '10.77.0.128/25', Gateway: '10.77.0.128' }],
    },
    Internal: true,
    Attachable: true,
    Ingress: false,
    ConfigFrom: { Network: '' },
    ConfigOnly: false,
    Containers: null,
    Options: { 'com.docker.network.driver.overlay.vxlanid_list': '4097', encrypted: '' },
    Labels: { a: 'b' },
  });
});

test('a network whose subnet is taken is there, with next to nothing to show', async () => {
  await control.networks.create(overlay('a', { IPAM: { Config: [{ Subnet: '10.77.0.0/24' }] } }));
  await control.networks.create(overlay('b', { IPAM: { Config: [{ Subnet: '10.77.0.0/24' }] } }));
  expect(control.networks.get('b')).toMatchObject({
    Driver: '',
    IPAM: { Driver: '', Options: null, Config: null },
    Options: null,
  });
});

test('options of the address management are shown with the one that every network has', async () => {
  await control.networks.create(overlay('net', { IPAM: { Driver: 'default', Options: { a: 'b' } } }));
  expect(control.networks.get('net').IPAM).toMatchObject({
    Options: { a: 'b', 'com.docker.network.ipam.serial': 'true' },
  });
});

test('a name that every engine has is refused as such, any other of the node’s own as taken', async () => {
  const taken = ['none', 'mine'];
  await expect(control.networks.create(overlay('none'), { taken })).rejects.toThrow(
    'operation is not permitted on predefined none network ',
  );
  await expect(control.networks.create(overlay('mine'), { taken })).rejects.toThrow(
    'network with name mine already exists',
  );
});

test('the mirrors of a node’s own networks are found by name, but not listed', () => {
  expect(control.networks.list().map(({ Name }) => Name)).toEqual(['ingress']);
  expect(control.networks.get('host')).toMatchObject({
    Driver: 'host',
    IPAM: { Driver: '', Options: null, Config: [] },
    Labels: { 'com.docker.swarm.predefined': 'true' },
  });
});

test.each<[number, string, ApiObject]>([
  [409, 'network with name ingress already exists', overlay('ingress')],
  [409, 'network with name bridge already exists', overlay('bridge')],
  [403, 'operation is not permitted on predefined none network ', overlay('none')],
  [400, 'invalid name: ', overlay('')],
  [400, invalid('name must be valid as a DNS name component'), overlay('a b')],
  [500, 'rpc error: code = Unknown desc = name conflicts with an existing object', overlay('INGRESS')],
  [403, 'cannot downgrade network scope for overlay networks', overlay('net', { Scope: 'local' })],
  [404, 'plugin "bogus" not found', { Name: 'net', Driver: 'bogus', Scope: 'swarm' }],
  [
    403,
    'Ingress network can only be global scope network',
    { Name: 'net', Driver: 'bridge', Scope: 'swarm', Ingress: true },
  ],
  [400, invalid('ingress network cannot be attachable'), overlay('net', { Ingress: true, Attachable: true })],
  [
    403,
    'rpc error: code = PermissionDenied desc = label com.docker.swarm.predefined is for internally created predefined networks and cannot be applied by users',
    overlay('net', { Labels: { 'com.docker.swarm.predefined': 'true' } }),
  ],
  [400, invalid('error during lookup of plugin x'), overlay('net', { IPAM: { Driver: 'x' } })],
  [400, 'invalid network config:\ninvalid subnet x: invalid CIDR block notation', subnet({ Subnet: 'x' })],
  [400, 'invalid network config:\ninvalid subnet : invalid CIDR block notation', subnet({ Gateway: '10.0.0.1' })],
  [
    400,
    'invalid network config:\ninvalid subnet 10.80.0.5/24: it should be 10.80.0.0/24',
    subnet({ Subnet: '10.80.0.5/24' }),
  ],
  [
    400,
    "invalid network config:\ninvalid gateway 10.90.0.1: parent subnet 10.80.0.0/24 doesn't contain this address",
    subnet({ Subnet: '10.80.0.0/24', Gateway: '10.90.0.1' }),
  ],
  [
    400,
    "invalid network config:\n* invalid ip-range 10.90.0.1/30: it should be 10.90.0.0/30\n* invalid ip-range 10.90.0.1/30: parent subnet 10.80.0.0/24 doesn't contain ip-range",
    subnet({ Subnet: '10.80.0.0/24', IPRange: '10.90.0.1/30' }),
  ],
  [
    400,
    "invalid network config:\ninvalid auxiliary address x: parent subnet 10.80.0.0/24 doesn't contain this address",
    subnet({ Subnet: '10.80.0.0/24', AuxiliaryAddresses: { x: '10.90.0.1' } }),
  ],
])('%i %s', async (status, message, request) => {
  await expect(control.networks.create(request)).rejects.toMatchObject({ status, message });
  expect(control.networks.list()).toHaveLength(1);
});

test('there is one ingress network; it can be removed while nobody needs it, and be made anew', async () => {
  const id = String(control.networks.get('ingress').Id);
  await expect(control.networks.create(overlay('mesh', { Ingress: true }))).rejects.toMatchObject({
    status: 409,
    message: `rpc error: code = AlreadyExists desc = ingress network (${id}) is already present`,
  });
  const { ID } = await control.services.create(serviceBody('web', { EndpointSpec: { Ports: [{ TargetPort: 80 }] } }));
  await expect(control.networks.remove('ingress')).rejects.toMatchObject({
    status: 400,
    message: `rpc error: code = FailedPrecondition desc = ingress network cannot be removed because service ${ID} depends on it`,
  });
  await control.services.remove('web');
  await control.networks.remove('ingress');
  await control.networks.create(overlay('mesh', { Ingress: true, IPAM: { Config: [{ Subnet: '10.11.0.0/16' }] } }));
  await control.services.create(serviceBody('web', { EndpointSpec: { Ports: [{ TargetPort: 80 }] } }));
  await fleet.clock.advance(2000);
  expect(JSON.stringify(control.tasks.list())).toContain('10.11.0.');
});

test('a network in use stays: by a service that names it, by a container that is attached', async () => {
  const { Id } = await control.networks.create(overlay('net', { Attachable: true }));
  const { ID } = await control.services.create(serviceBody('web', {}, { Networks: [{ Target: 'net' }] }));
  await expect(control.networks.remove('net')).rejects.toMatchObject({
    status: 400,
    message: `rpc error: code = FailedPrecondition desc = network ${Id} is in use by service ${ID}`,
  });
  const { taskId } = await fleet.machine('worker1').attachNetwork('net', 'container', { names: ['box'] });
  await control.services.remove('web');
  await expect(control.networks.remove('net')).rejects.toMatchObject({
    message: `rpc error: code = FailedPrecondition desc = network ${Id} is in use by task ${taskId}`,
  });
  await fleet.machine('worker1').detachNetwork('net', 'container');
  await control.networks.remove(Id);
  expect(control.networks.list()).toHaveLength(1);
});

test('the mirrors of a node’s own networks cannot be removed', async () => {
  const { Id } = control.networks.get('host');
  await expect(control.networks.remove(String(Id))).rejects.toMatchObject({
    status: 400,
    message: `rpc error: code = FailedPrecondition desc = network ${Id} (host) is a swarm predefined network and cannot be removed`,
  });
});

test('networks are found by every filter', async () => {
  await control.networks.create(overlay('front', { Labels: { tier: 'front' } }));
  await control.networks.create(overlay('back'));
  await control.services.create(serviceBody('web', {}, { Networks: [{ Target: 'front' }] }));
  const names = (filters: unknown) =>
    control.networks
      .list({ filters: JSON.stringify(filters) })
      .map(({ Name }) => Name)
      .sort();
  expect(names({ name: ['^fr'] })).toEqual(['front']);
  expect(names({ driver: ['overlay'] })).toEqual(['back', 'front', 'ingress']);
  expect(names({ driver: ['bridge'] })).toEqual([]);
  expect(names({ label: ['tier'] })).toEqual(['front']);
  expect(names({ scope: ['swarm'] })).toHaveLength(3);
  expect(names({ scope: ['local'] })).toEqual([]);
  expect(names({ type: ['custom'] })).toHaveLength(3);
  expect(names({ type: ['builtin'] })).toEqual([]);
  expect(names({ dangling: ['true'] })).toEqual(['back', 'ingress']);
  expect(() => names({ type: ['x'] })).toThrow("invalid filter: 'type'='x'");
});

test('a plain container can join an attachable network, on a worker too, with the address it asks for', async () => {
  await control.networks.create(overlay('net', { Attachable: true }));
  const worker = fleet.machine('worker1');
  const first = await worker.attachNetwork('net', 'one', { names: ['box'] });
  expect(first).toMatchObject({ networkName: 'net', address: '10.0.1.2/24' });
  expect(await worker.attachNetwork('net', 'two', { names: [], address: '10.0.1.77' })).toMatchObject({
    address: '10.0.1.77/24',
  });
  await expect(worker.attachNetwork('net', 'three', { names: [], address: '10.0.1.77' })).rejects.toMatchObject({
    status: 500,
    message: expect.stringContaining('attaching to network failed, make sure your network options are correct'),
  });
  await expect(worker.attachNetwork('net', 'three', { names: [], address: '10.9.1.77' })).rejects.toMatchObject({
    status: 400,
    message:
      'invalid config for network net: invalid endpoint settings:\nno configured subnet or ip-range contain the IP address 10.9.1.77',
  });
  await expect(worker.attachNetwork('nosuch', 'three', { names: [] })).rejects.toMatchObject({
    status: 404,
    message: 'Could not attach to network nosuch: rpc error: code = NotFound desc = network nosuch not found',
  });
  await fleet.clock.advance(2000);
  expect(control.tasks.list()).toEqual([]);
  expect(control.tasks.list({ filters: '{"runtime":["attachment"]}' })).toHaveLength(2);
  expect(control.tasks.get(first.taskId)).toMatchObject({
    Spec: { NetworkAttachmentSpec: { ContainerID: 'one' }, ForceUpdate: 0, Runtime: 'attachment' },
    NodeID: worker.nodeId(),
    Status: { State: 'running' },
  });
});

test('a network that is not attachable is for services alone', async () => {
  await control.networks.create(overlay('net'));
  await expect(fleet.machine('master').attachNetwork('net', 'one', { names: [] })).rejects.toMatchObject({
    status: 403,
    message:
      'Could not attach to network net: rpc error: code = PermissionDenied desc = network net not manually attachable',
  });
});

test.each<[string, ApiObject]>([
  ['network with name ingress already exists', { Name: 'ingress', IPAM: { Config: [{ Subnet: 'x' }] } }],
  ['operation is not permitted on predefined none network ', { Name: 'none', IPAM: { Config: [{ Subnet: 'x' }] } }],
  [
    'invalid network config:\ninvalid subnet x: invalid CIDR block notation',
    { Name: '', IPAM: { Config: [{ Subnet: 'x' }] } },
  ],
  ['invalid name:  ', { Name: ' ', Scope: 'local' }],
  ['network with name mine already exists', { Name: 'mine', Driver: 'nope', Scope: 'local' }],
  ['plugin "nope" not found', { Name: 'a b', Driver: 'nope', Ingress: true }],
  [invalid('ingress network cannot be attachable'), { Name: 'a b', Ingress: true, Attachable: true }],
  [invalid('name must be valid as a DNS name component'), { Name: 'a b', IPAM: { Driver: 'nope' } }],
])('of several mistakes the first that a daemon comes upon is told: %s', async (message, body) => {
  const create = control.networks.create({ Driver: 'overlay', ...body }, { taken: ['none', 'mine'] });
  await expect(create).rejects.toThrow(message);
});
