import { expect, test } from 'vitest';
import { published, TestStore } from './test-store.ts';

const allocationOf = (swarm: TestStore, name: string) => swarm.networkNamed(name)?.allocation;

test('the first network of a swarm is the ingress network, on 10.0.0.0/24', () => {
  const swarm = new TestStore();
  expect(allocationOf(swarm, 'ingress')).toEqual({ subnet: '10.0.0.0/24', gateway: '10.0.0.1', vni: 4096 });
  expect(allocationOf(swarm, 'host')).toBeUndefined();
});

test('a subnet that was given back is not used again at once, nor is a VXLAN ID', () => {
  const swarm = new TestStore();
  swarm.network('a');
  swarm.network('b');
  swarm.removeNetwork('a');
  swarm.network('c');
  expect(allocationOf(swarm, 'b')).toEqual({ subnet: '10.0.2.0/24', gateway: '10.0.2.1', vni: 4098 });
  expect(allocationOf(swarm, 'c')).toEqual({ subnet: '10.0.3.0/24', gateway: '10.0.3.1', vni: 4099 });
});

test('at the end of the pools what was given back is found again', () => {
  const swarm = new TestStore(['10.20.0.0/24'], 26);
  for (const name of ['a', 'b', 'c']) swarm.network(name);
  swarm.removeNetwork('a');
  swarm.network('d');
  expect(allocationOf(swarm, 'c')?.subnet).toBe('10.20.0.192/26');
  expect(allocationOf(swarm, 'd')?.subnet).toBe('10.20.0.64/26');
});

test('pools are stepped over where something overlaps them', () => {
  const swarm = new TestStore(['10.20.0.0/23'], 25);
  swarm.network('taken', { IPAM: { Config: [{ Subnet: '10.20.0.128/26' }] } });
  swarm.network('next');
  expect(allocationOf(swarm, 'ingress')?.subnet).toBe('10.20.0.0/25');
  expect(allocationOf(swarm, 'next')?.subnet).toBe('10.20.1.0/25');
});

test('a network whose subnet overlaps another one is allocated when the other one goes', () => {
  const swarm = new TestStore();
  swarm.network('a', { IPAM: { Config: [{ Subnet: '10.77.0.0/24' }] } });
  swarm.network('b', { IPAM: { Config: [{ Subnet: '10.77.0.0/16' }] } });
  swarm.service('web', undefined, ['b']);
  swarm.task('task', 'web');
  expect([allocationOf(swarm, 'b'), swarm.stateOf('task')]).toEqual([undefined, 'new']);
  swarm.removeNetwork('a');
  expect(allocationOf(swarm, 'b')?.subnet).toBe('10.77.0.0/16');
  expect([swarm.vipsOf('web'), swarm.addressesOfTask('task')]).toEqual([['10.77.0.2/16'], ['10.77.0.3/16']]);
});

test('a network can have several subnets; its addresses come from the first, and the others are nobody else’s', () => {
  const swarm = new TestStore();
  const config = [{ Subnet: '10.90.0.0/24' }, { Subnet: '10.91.0.0/24', Gateway: '10.91.0.9' }];
  swarm.network('multi', { IPAM: { Config: config } });
  swarm.service('web', undefined, ['multi']);
  expect(allocationOf(swarm, 'multi')).toEqual({
    subnet: '10.90.0.0/24',
    gateway: '10.90.0.1',
    vni: 4097,
    more: [{ subnet: '10.91.0.0/24', gateway: '10.91.0.9' }],
  });
  expect(swarm.vipsOf('web')).toEqual(['10.90.0.2/24']);
  swarm.network('over', { IPAM: { Config: [{ Subnet: '10.92.0.0/24' }, { Subnet: '10.91.0.128/25' }] } });
  expect(allocationOf(swarm, 'over')).toBeUndefined();
  swarm.network('free', { IPAM: { Config: [{ Subnet: '10.92.0.0/24' }] } });
  expect(allocationOf(swarm, 'free')?.subnet).toBe('10.92.0.0/24');
});

test('an address range and a gateway are respected, auxiliary addresses are not', () => {
  const swarm = new TestStore();
  const config = {
    Subnet: '10.77.0.0/24',
    Gateway: '10.77.0.5',
    IPRange: '10.77.0.128/30',
    AuxiliaryAddresses: { printer: '10.77.0.128' },
  };
  swarm.network('a', { IPAM: { Config: [config] } });
  swarm.service('web', undefined, ['a']);
  expect(allocationOf(swarm, 'a')?.gateway).toBe('10.77.0.5');
  expect(swarm.vipsOf('web')).toEqual(['10.77.0.128/24']);
});

test('on an overlay the service is .2, its tasks follow, then the node that the first of them is placed on', () => {
  const swarm = new TestStore();
  swarm.node('worker');
  swarm.network('net');
  swarm.service('web', undefined, ['net']);
  swarm.task('one', 'web');
  swarm.task('two', 'web');
  swarm.changeTask('one', { NodeID: 'worker' });
  expect(swarm.vipsOf('web')).toEqual(['10.0.1.2/24']);
  expect([swarm.addressesOfTask('one'), swarm.addressesOfTask('two')]).toEqual([['10.0.1.3/24'], ['10.0.1.4/24']]);
  expect(swarm.addressesOf('worker').net).toBe('10.0.1.5/24');
});

test('a published service has its first addresses on the ingress network', () => {
  const swarm = new TestStore();
  swarm.network('net');
  swarm.service('web', published(80), ['net']);
  swarm.task('task', 'web');
  expect(swarm.vipsOf('web')).toEqual(['10.0.0.2/24', '10.0.1.2/24']);
  expect(swarm.addressesOfTask('task')).toEqual(['10.0.0.3/24', '10.0.1.3/24']);
  expect(swarm.stateOf('task')).toBe('pending');
});

test('an update keeps the virtual IPs of the networks that stay', () => {
  const swarm = new TestStore();
  swarm.network('a');
  swarm.network('b');
  swarm.service('web', published(80), ['a']);
  swarm.updateService('web', (service) => ({
    ...service,
    Spec: {
      ...service.Spec,
      TaskTemplate: { Networks: [{ Target: 'b' }, { Target: 'a' }] },
      EndpointSpec: { Mode: 'vip' },
    },
  }));
  expect(swarm.vipsOf('web')).toEqual(['10.0.1.2/24', '10.0.2.2/24']);
});

test('with dnsrr a service has no virtual IP, its tasks have addresses all the same', () => {
  const swarm = new TestStore();
  swarm.network('net');
  swarm.service('web', { Mode: 'dnsrr' }, ['net']);
  swarm.task('task', 'web');
  expect([swarm.vipsOf('web'), swarm.addressesOfTask('task')]).toEqual([[], ['10.0.1.2/24']]);
});

test('a service on the host’s network gets a place for a virtual IP, but none', () => {
  const swarm = new TestStore();
  const host = swarm.networkNamed('host')?.ID ?? '';
  swarm.service('web', undefined, [host]);
  swarm.task('task', 'web');
  expect([swarm.vipsOf('web'), swarm.addressesOfTask('task'), swarm.stateOf('task')]).toEqual([[''], [], 'pending']);
});

test('a task’s address is given back when the task ends, once, and is not the next one to be given out', () => {
  const swarm = new TestStore();
  swarm.network('net', { IPAM: { Config: [{ Subnet: '10.9.0.0/29' }] } });
  swarm.service('web', { Mode: 'dnsrr' }, ['net']);
  swarm.task('one', 'web');
  swarm.finish('one');
  swarm.task('two', 'web');
  swarm.store.update((transaction) => transaction.remove('tasks', 'one'));
  expect(swarm.addressesOfTask('two')).toEqual(['10.9.0.3/29']);
});

test('when a subnet is full tasks wait in state new, and go on when an address is given back', () => {
  const swarm = new TestStore();
  swarm.network('net', { IPAM: { Config: [{ Subnet: '10.9.0.0/29' }] } });
  swarm.service('web', { Mode: 'dnsrr' }, ['net']);
  for (const id of ['a', 'b', 'c', 'd', 'e', 'f']) swarm.task(id, 'web');
  expect([swarm.stateOf('e'), swarm.stateOf('f')]).toEqual(['pending', 'new']);
  swarm.finish('b');
  expect([swarm.stateOf('f'), swarm.addressesOfTask('f')]).toEqual(['pending', ['10.9.0.3/29']]);
});

test('every node is on the ingress network, and on an overlay as long as it has a task there', () => {
  const swarm = new TestStore();
  const ingress = swarm.networkNamed('ingress')?.ID ?? '';
  swarm.node('worker');
  swarm.network('net');
  swarm.service('web', undefined, ['net']);
  swarm.task('one', 'web', 'worker');
  swarm.task('two', 'web', 'worker');
  swarm.finish('one');
  expect(swarm.addressesOf('worker')).toEqual({ [ingress]: '10.0.0.2/24', net: '10.0.1.4/24' });
  swarm.finish('two');
  expect(swarm.addressesOf('worker')).toEqual({ [ingress]: '10.0.0.2/24' });
});

test('nodes leave an ingress network that is removed and join the one that takes its place', () => {
  const swarm = new TestStore();
  swarm.node('worker');
  swarm.removeNetwork(swarm.networkNamed('ingress')?.ID ?? '');
  expect(swarm.addressesOf('worker')).toEqual({});
  swarm.network('mesh', { Ingress: true, IPAM: { Config: [{ Subnet: '10.50.0.0/16' }] } });
  expect(swarm.addressesOf('worker')).toEqual({ mesh: '10.50.0.2/16' });
});

test('a new leader hands out nothing that is in use', () => {
  const swarm = new TestStore();
  swarm.node('worker');
  swarm.network('net');
  swarm.service('web', published(80), ['net']);
  swarm.task('old', 'web', 'worker');
  swarm.restart();
  swarm.network('other');
  swarm.service('api', published(80), ['net']);
  swarm.task('new', 'api', 'worker');
  const all = ['web', 'api']
    .flatMap((id) => swarm.vipsOf(id))
    .concat(
      ['old', 'new'].flatMap((id) => swarm.addressesOfTask(id)),
      Object.values(swarm.addressesOf('worker')),
    );
  expect(new Set(all).size).toBe(all.length);
  expect(all).toHaveLength(10);
  expect([swarm.portsOf('api'), allocationOf(swarm, 'other')?.subnet]).toEqual([[30001], '10.0.2.0/24']);
});

test('what could not be allocated is tried again every five minutes', async () => {
  const swarm = new TestStore();
  swarm.service('web', undefined, ['later']);
  swarm.store.restore('networks', [
    {
      ID: 'later',
      Version: { Index: 1 },
      CreatedAt: '',
      UpdatedAt: '',
      Spec: { Name: 'later', Labels: {}, Driver: 'host', Internal: false, Attachable: false, Ingress: false },
    },
  ]);
  expect(swarm.vipsOf('web')).toEqual([]);
  await swarm.clock.advance(5 * 60_000);
  expect(swarm.vipsOf('web')).toEqual(['']);
});
