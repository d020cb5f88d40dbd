import { expect, test } from 'vitest';
import { published, TestStore } from './test-store.ts';

test('two services asking for port 80 get 30000 and 30001', () => {
  const swarm = new TestStore();
  swarm.service('one', published(80));
  swarm.service('two', published(80));
  expect([swarm.portsOf('one'), swarm.portsOf('two')]).toEqual([[30000], [30001]]);
});

test('a port that was given back is not given out again before all others were', () => {
  const swarm = new TestStore();
  swarm.service('one', published(80));
  swarm.removeService('one');
  swarm.service('two', published(80));
  expect(swarm.portsOf('two')).toEqual([30001]);
});

test('a new leader starts at the bottom again, around what is taken', () => {
  const swarm = new TestStore();
  swarm.service('one', published(80));
  swarm.service('two', published(80));
  swarm.removeService('one');
  swarm.restart();
  swarm.service('three', published(80));
  swarm.service('four', published(80));
  expect([swarm.portsOf('two'), swarm.portsOf('three'), swarm.portsOf('four')]).toEqual([[30001], [30000], [30002]]);
});

test('a port asked for by number is kept out of the way of the others', () => {
  const swarm = new TestStore();
  swarm.service('named', published([80, 30000]));
  swarm.service('other', published(80));
  expect([swarm.portsOf('named'), swarm.portsOf('other')]).toEqual([[30000], [30001]]);
});

test('each protocol counts for itself', () => {
  const swarm = new TestStore();
  swarm.service('tcp', published(53));
  swarm.service('udp', { Ports: [{ Protocol: 'udp', TargetPort: 53, PublishMode: 'ingress' }] });
  expect([swarm.portsOf('tcp'), swarm.portsOf('udp')]).toEqual([[30000], [30000]]);
});

test('a service whose port is taken waits, and its tasks with it, until the port is free', () => {
  const swarm = new TestStore();
  swarm.service('first', published([80, 8080]));
  swarm.service('second', published([80, 8080]));
  swarm.task('task', 'second');
  expect([swarm.portsOf('second'), swarm.stateOf('task')]).toEqual([[], 'new']);
  swarm.removeService('first');
  expect([swarm.portsOf('second'), swarm.stateOf('task')]).toEqual([[8080], 'pending']);
});

test('an update that leaves the number of ports alone leaves the ports alone', () => {
  const swarm = new TestStore();
  swarm.service('web', published(80, [81, 8081]));
  swarm.changeEndpoint('web', published(80, [81, 8082]));
  expect(swarm.portsOf('web').sort()).toEqual([30000, 8082]);
});

test('an update that changes the number of ports gives new ones', () => {
  const swarm = new TestStore();
  swarm.service('web', published(80));
  swarm.changeEndpoint('web', published(80, 81));
  expect(swarm.portsOf('web')).toEqual([30001, 30002]);
});

test('a port that had a number keeps it when an update does not name it any more', () => {
  const swarm = new TestStore();
  swarm.service('web', published([80, 9000], 82));
  swarm.changeEndpoint('web', published(80, 82));
  expect(swarm.portsOf('web')).toEqual([9000, 30000]);
  expect(swarm.store.services.get('web')?.Endpoint?.Spec).toEqual(published([80, 9000], 82));
});

test('ports of host mode are the nodes’ business: shown as asked for, never taken', () => {
  const swarm = new TestStore();
  const host = { Ports: [{ Protocol: 'tcp', TargetPort: 80, PublishedPort: 8080, PublishMode: 'host' }] } as const;
  swarm.service('one', { ...host, Ports: [...host.Ports] });
  swarm.service('two', { ...host, Ports: [...host.Ports] });
  expect([swarm.portsOf('one'), swarm.portsOf('two')]).toEqual([[8080], [8080]]);
  swarm.changeEndpoint('one', { Ports: [{ ...host.Ports[0], PublishedPort: 8081 }] });
  expect(swarm.portsOf('one')).toEqual([8081]);
});

test('a service that has nothing to be given is not written', () => {
  const swarm = new TestStore();
  swarm.service('plain', { Mode: 'vip' });
  expect(swarm.store.services.get('plain')?.Endpoint).toBeUndefined();
});

test('when every port of the range is taken a service waits for one', () => {
  const swarm = new TestStore(['10.0.0.0/8'], 16);
  for (let count = 0; count < 2768; count++) swarm.service(`s${count}`, published(80));
  swarm.service('late', published(80));
  expect(swarm.portsOf('late')).toEqual([]);
  swarm.removeService('s7');
  expect(swarm.portsOf('late')).toEqual([30007]);
});
