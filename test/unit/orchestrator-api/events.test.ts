import { beforeEach, expect, test } from 'vitest';
import type { ControlApi } from '../../../server/orchestrator/api/control-api.ts';
import type { SwarmEvent } from '../../../server/orchestrator/events/event-stream.ts';
import { serviceBody, TestFleet } from './test-fleet.ts';

let fleet: TestFleet;
let control: ControlApi;
let seen: SwarmEvent[];
beforeEach(async () => {
  fleet = new TestFleet();
  await fleet.swarm(['master'], ['worker1']);
  control = fleet.control();
  seen = [];
  control.events.subscribe((event) => seen.push(event));
});

/** `update name replicas.new=2 replicas.old=1` */
const told = () =>
  seen.splice(0).map(({ Type, Action, Actor: { Attributes } }) => {
    const { name, ...rest } = Attributes;
    return [
      `${Type} ${Action}`,
      name,
      ...Object.keys(rest)
        .sort()
        .map((key) => `${key}=${rest[key]}`),
    ].join(' ');
  });
const version = (name: string) => String((control.services.get(name) as { Version: { Index: number } }).Version.Index);

test('a service’s life is told: what it publishes, its replicas, image, updates and rollbacks', async () => {
  const ports = { EndpointSpec: { Ports: [{ TargetPort: 80 }] } };
  const body = (replicas: number, image: string) =>
    serviceBody('web', { ...ports, Mode: { Replicated: { Replicas: replicas } } }, { ContainerSpec: { Image: image } });
  await control.services.create(body(1, 'nginx'));
  await fleet.clock.advance(2000);
  expect(told()).toEqual(['service create web', 'service update web']);
  await control.services.update('web', body(2, 'nginx:2'), { version: version('web') });
  await fleet.clock.advance(20_000);
  expect(told()).toEqual([
    'service update web image.new=nginx:2 image.old=nginx replicas.new=2 replicas.old=1',
    'service update web updatestate.new=updating',
    'service update web updatestate.new=completed updatestate.old=updating',
  ]);
  await control.services.update('web', body(2, 'nginx:2'), { version: version('web'), rollback: 'previous' });
  await fleet.clock.advance(20_000);
  expect(told()).toEqual([
    'service update web image.new=nginx image.old=nginx:2 replicas.new=1 replicas.old=2 updatestate.new=rollback_started updatestate.old=completed',
    'service update web updatestate.new=rollback_completed updatestate.old=rollback_started',
  ]);
  await control.services.remove('web');
  expect(told()).toEqual(['service remove web']);
});

test('networks, secrets and configs are told of by name', async () => {
  await control.networks.create({ Name: 'net', Driver: 'overlay' });
  await control.networks.remove('net');
  await control.secrets.create({ Name: 'pw', Data: 'eA==' });
  await control.secrets.remove('pw');
  await control.configs.create({ Name: 'conf', Data: 'eA==' });
  await control.configs.remove('conf');
  expect(told()).toEqual([
    'network create net',
    'network update net',
    'network remove net',
    'secret create pw',
    'secret remove pw',
    'config create conf',
    'config remove conf',
  ]);
});

test('nodes are told of with what changes about them', async () => {
  const name = 'worker1.docker-dca.example';
  const node = control.nodes.get(name) as { Version: { Index: number } };
  await control.nodes.update(name, { Role: 'manager', Availability: 'drain' }, { version: String(node.Version.Index) });
  await fleet.clock.advance(100);
  expect(told()).toEqual([
    `node update ${name} availability.new=drain availability.old=active`,
    `node update ${name} role.new=manager role.old=worker`,
    `node update ${name}`,
  ]);
  fleet.stop('worker1');
  await fleet.clock.advance(6000);
  expect(told()).toEqual([]);
});

test('past events are given by time, the last 256 of them', async () => {
  const from = fleet.clock.now();
  for (let count = 0; count < 300; count++) {
    await control.configs.create({ Name: `c${count}`, Data: 'eA==' });
    await fleet.clock.advance(10);
  }
  const names = (since: number, until: number) =>
    control.events.history(since, until).map(({ Actor }) => Actor.Attributes.name);
  expect(names(0, Number.MAX_SAFE_INTEGER)).toHaveLength(256);
  expect(names(from + 2990, fleet.clock.now())).toEqual(['c299']);
  expect(names(from + 2970, from + 2980)).toEqual(['c297', 'c298']);
});
