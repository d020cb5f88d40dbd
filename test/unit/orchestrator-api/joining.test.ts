import { expect, test } from 'vitest';
import { INIT, MACHINES, TestFleet } from './test-fleet.ts';

const tokensOf = (fleet: TestFleet) =>
  (fleet.control().swarm.inspect() as { JoinTokens: { Worker: string; Manager: string } }).JoinTokens;
const ADDRESS = '10.10.10.100:2377';

test('a machine outside a swarm says so, and how to get into one', () => {
  const fleet = new TestFleet();
  const machine = fleet.machine('master');
  expect(machine.state()).toBe('inactive');
  expect(machine.role()).toBeUndefined();
  expect(machine.info()).toEqual({
    NodeID: '',
    NodeAddr: '',
    LocalNodeState: 'inactive',
    ControlAvailable: false,
    Error: '',
    RemoteManagers: null,
  });
  expect(() => machine.control()).toThrow('Use "docker swarm init" or "docker swarm join" to connect this node');
});

test('init makes the machine a manager, the leader, with a cluster of its own', async () => {
  const fleet = new TestFleet();
  await fleet.swarm();
  const machine = fleet.machine('master');
  const info = machine.info();
  expect(info).toMatchObject({
    NodeID: machine.nodeId(),
    NodeAddr: '10.10.10.100',
    LocalNodeState: 'active',
    ControlAvailable: true,
    RemoteManagers: [{ NodeID: machine.nodeId(), Addr: ADDRESS }],
    Nodes: 1,
    Managers: 1,
  });
  expect(info.Cluster).not.toHaveProperty('JoinTokens');
  expect(fleet.control().nodes.get(MACHINES[0]?.hostname ?? '')).toMatchObject({
    Spec: { Role: 'manager', Availability: 'active' },
    Status: { State: 'ready', Addr: '10.10.10.100' },
    ManagerStatus: { Leader: true, Reachability: 'reachable', Addr: ADDRESS },
  });
});

test('a worker is told that it is one', async () => {
  const fleet = new TestFleet();
  await fleet.swarm(['master'], ['worker1']);
  const worker = fleet.machine('worker1');
  expect([worker.state(), worker.role()]).toEqual(['active', 'worker']);
  expect(worker.info()).toMatchObject({ ControlAvailable: false, RemoteManagers: [{ Addr: ADDRESS }] });
  expect(() => worker.control()).toThrow("Worker nodes can't be used to view or modify cluster state");
});

const token = (digest: string, secret = '2') => `SWMTKN-1-${digest.padStart(50, '0')}-${secret.repeat(25)}`;

test.each([
  ['no listen address', { RemoteAddrs: [ADDRESS] }, 400, 'invalid ListenAddr "": invalid empty address'],
  ['no remote address', { ...INIT, JoinToken: 'x' }, 400, 'at least 1 RemoteAddr is required to join'],
  [
    'no token',
    { ...INIT, RemoteAddrs: [ADDRESS], JoinToken: '' },
    400,
    'rpc error: code = InvalidArgument desc = A valid join token is necessary to join this cluster',
  ],
  ['nonsense', { ...INIT, RemoteAddrs: [ADDRESS], JoinToken: 'SWMTKN-1-x-y' }, 500, 'invalid join token'],
  [
    'no manager there',
    { ...INIT, RemoteAddrs: ['10.10.10.120'], JoinToken: token('1') },
    503,
    'rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial tcp 10.10.10.120:2377: connect: connection refused"',
  ],
  [
    'another swarm’s token',
    { ...INIT, RemoteAddrs: [ADDRESS], JoinToken: token('1') },
    500,
    `remote CA does not match fingerprint. Expected: ${'1'.padStart(64, '0')}`,
  ],
])('joining is refused: %s', async (_name, body, status, message) => {
  const fleet = new TestFleet();
  await fleet.swarm();
  await expect(fleet.machine('worker1').join(body)).rejects.toMatchObject({ status, message });
  expect(fleet.machine('worker1').state()).toBe('inactive');
});

test('joining an address where nobody is gives up after 20 s but stays pending, until the machine leaves', async () => {
  const fleet = new TestFleet();
  await fleet.swarm();
  const worker = fleet.machine('worker1');
  const joining = worker.join({ ...INIT, RemoteAddrs: ['10.10.10.7:2377'], JoinToken: token('1') });
  await expect(fleet.run(joining)).rejects.toMatchObject({
    status: 503,
    message: expect.stringContaining('Timeout was reached before node joined.'),
  });
  expect(worker.info()).toMatchObject({
    NodeID: '',
    LocalNodeState: 'pending',
    RemoteManagers: [{ NodeID: '', Addr: '10.10.10.7:2377' }],
  });
  await worker.leave();
  expect(worker.state()).toBe('inactive');
});

test('a token that was rotated away lets nobody in, the other role’s still does', async () => {
  const fleet = new TestFleet();
  await fleet.swarm();
  const old = tokensOf(fleet);
  const { Version, Spec } = fleet.control().swarm.inspect() as { Version: { Index: number }; Spec: unknown };
  await fleet.control().swarm.update(Spec, { version: String(Version.Index), rotateWorkerToken: true });
  expect(tokensOf(fleet).Worker).not.toBe(old.Worker);
  await expect(
    fleet.machine('worker1').join({ ...INIT, RemoteAddrs: [ADDRESS], JoinToken: old.Worker }),
  ).rejects.toMatchObject({
    status: 400,
    message: 'rpc error: code = InvalidArgument desc = A valid join token is necessary to join this cluster',
  });
  await fleet.run(fleet.machine('worker2').join({ ...INIT, RemoteAddrs: [ADDRESS], JoinToken: old.Manager }));
  expect(fleet.machine('worker2').role()).toBe('manager');
});

test('a machine is in one swarm at most', async () => {
  const fleet = new TestFleet();
  await fleet.swarm(['master'], ['worker1']);
  const refusal = { status: 503, message: expect.stringContaining('This node is already part of a swarm.') };
  await expect(fleet.machine('worker1').init(INIT)).rejects.toMatchObject(refusal);
  await expect(fleet.machine('worker1').join({ RemoteAddrs: ['x'], JoinToken: 'y' })).rejects.toMatchObject(refusal);
});

test('joining gives up after 20 s when the machine’s agent does not register, and goes on in the background', async () => {
  const fleet = new TestFleet();
  await fleet.swarm();
  fleet.stop('worker1');
  await fleet.clock.advance(100);
  const joining = fleet.join('worker1');
  await fleet.clock.advance(10_000);
  expect(fleet.machine('worker1').state()).toBe('pending');
  await expect(fleet.run(joining)).rejects.toMatchObject({
    status: 503,
    message: expect.stringContaining('Timeout was reached before node joined.'),
  });
  fleet.start('worker1');
  await fleet.clock.advance(1000);
  expect(fleet.machine('worker1').state()).toBe('active');
  expect(fleet.control().nodes.get(fleet.machine('worker1').nodeId())).toMatchObject({ Status: { State: 'ready' } });
});

test('two swarms can live among the machines', async () => {
  const fleet = new TestFleet();
  await fleet.swarm(['master'], ['worker1']);
  await fleet.run(fleet.machine('worker2').init(INIT));
  await fleet.run(fleet.join('registry', 'Worker', 'worker2'));
  expect(fleet.control('master').nodes.list()).toHaveLength(2);
  expect(fleet.control('worker2').nodes.list()).toHaveLength(2);
  expect(fleet.machine('registry').info().RemoteManagers).toEqual([
    { NodeID: fleet.machine('worker2').nodeId(), Addr: '10.10.10.120:2377' },
  ]);
});

test.each([
  [{ ListenAddr: '' }, 400, 'invalid ListenAddr "": invalid empty address'],
  [{ ListenAddr: 'a b c' }, 400, 'could not parse listen address a b c'],
  [
    { ListenAddr: 'nosuch0:2377' },
    400,
    'listen address must be an IP address or network interface (with optional port number)',
  ],
  [
    { ListenAddr: '1.2.3.4:2377' },
    500,
    'manager stopped: failed to listen on remote API address: listen tcp 1.2.3.4:2377: bind: cannot assign requested address',
  ],
  [
    { AdvertiseAddr: '0.0.0.0' },
    400,
    'advertise address must be a non-zero IP address or network interface (with optional port number)',
  ],
  [
    { DataPathAddr: 'bogus' },
    400,
    'data path address must be a non-zero IP address or network interface (without a port number)',
  ],
  [{ SubnetSize: 30, DefaultAddrPool: ['10.0.0.0/8'] }, 500, 'subnet size is out of range: 30'],
  [{ DefaultAddrPool: ['bogus'] }, 500, 'invalid base pool bogus: invalid CIDR address: bogus'],
  [
    { SubnetSize: 8, DefaultAddrPool: ['10.0.0.0/24'] },
    500,
    'invalid CIDR: "10.0.0.0/24". Subnet size is too small for pool: 8',
  ],
  [{ DataPathPort: 80 }, 500, 'Datapath port number is not in valid range (1024-49151) : 80'],
  [{ Spec: { Name: 'mine' } }, 400, 'swarm spec must be named "default"'],
  [{ Availability: 'maybe' }, 500, 'invalid Availability: "maybe"'],
])('init is refused: %j', async (body, status, message) => {
  const fleet = new TestFleet();
  await expect(fleet.machine('master').init({ ...INIT, ...body })).rejects.toMatchObject({ status, message });
});

test('what init is asked for is how the swarm is', async () => {
  const fleet = new TestFleet();
  const body = {
    ...INIT,
    AdvertiseAddr: '10.99.0.1:2377',
    DefaultAddrPool: ['10.40.0.0/16'],
    SubnetSize: 26,
    DataPathPort: 7777,
    Availability: 'drain',
    Spec: { Orchestration: { TaskHistoryRetentionLimit: 2 }, CAConfig: { NodeCertExpiry: 7_200_000_000_000 } },
  };
  await fleet.clock.advance(100);
  await fleet.run(fleet.machine('master').init(body));
  expect(fleet.control().swarm.inspect()).toMatchObject({
    DefaultAddrPool: ['10.40.0.0/16'],
    SubnetSize: 26,
    DataPathPort: 7777,
    Spec: { Orchestration: { TaskHistoryRetentionLimit: 2 }, CAConfig: { NodeCertExpiry: 7_200_000_000_000 } },
  });
  expect(fleet.machine('master').info().NodeAddr).toBe('10.99.0.1');
  expect(fleet.control().networks.get('ingress')).toMatchObject({ IPAM: { Config: [{ Subnet: '10.40.0.0/26' }] } });
  expect(fleet.control().nodes.list()[0]).toMatchObject({ Spec: { Availability: 'drain' } });
});

test.each([
  [
    { DefaultAddrPool: null, SubnetSize: null },
    { DefaultAddrPool: ['10.0.0.0/8'], SubnetSize: 24 },
  ],
  [{ SubnetSize: 20 }, { DefaultAddrPool: ['10.0.0.0/8'], SubnetSize: 24 }],
  [{ DefaultAddrPool: [] }, { DefaultAddrPool: null, SubnetSize: 0 }],
  [
    { DefaultAddrPool: [], SubnetSize: 26 },
    { DefaultAddrPool: null, SubnetSize: 26 },
  ],
])('pools given as %j are shown as %j, and the usual ones used', async (given, shown) => {
  const fleet = new TestFleet();
  await fleet.clock.advance(100);
  await fleet.run(fleet.machine('master').init({ ListenAddr: '0.0.0.0:2377', ...given }));
  expect(fleet.control().swarm.inspect()).toMatchObject(shown);
  expect(fleet.control().networks.get('ingress')).toMatchObject({ IPAM: { Config: [{ Subnet: '10.0.0.0/24' }] } });
});
