import { beforeEach, expect, test } from 'vitest';
import type { LinuxNodeNetwork } from '../../../server/agent/network/linux-node-network.ts';
import { ADDRESSES, INGRESS, networkState, overlayId, type TestOverlay, type TestTask } from './fake-node.ts';
import { attachedTask, TestMachine } from './network-node.ts';

const FRONT: TestOverlay = {
  ...{ name: 'front', prefix: '10.0.1', vni: 4097, nodes: { a: 10, b: 11 } },
  services: { web: { vip: '10.0.1.2' } },
};
const HERE: TestTask = { id: 't1', node: 'a', service: 'web', on: { front: '10.0.1.3', ingress: '10.0.0.6' } };
const THERE: TestTask = { id: 't2', node: 'b', service: 'web', on: { front: '10.0.1.4', ingress: '10.0.0.7' } };
const PORT = {
  protocol: 'tcp',
  publishedPort: 30000,
  targetPort: 80,
  serviceId: 'service-web',
  serviceName: 'web',
} as const;

/** Rules are changed a few times a second at most. */
const RULES_DELAY = 200;

const never = new AbortController().signal;

let machine: TestMachine;
let network: LinuxNodeNetwork;

beforeEach(async () => {
  machine = new TestMachine();
  network = machine.agent();
});

function told(overlays: TestOverlay[], tasks: TestTask[] = []) {
  const backends = tasks.filter(({ active }) => active !== false).map(({ on }) => on.ingress ?? '');
  return networkState('a', overlays, tasks, [{ ...PORT, backends }]);
}

async function apply(overlays: TestOverlay[], tasks: TestTask[] = []) {
  const applied = network.apply(told(overlays, tasks));
  await machine.clock.advance(RULES_DELAY);
  await applied;
  await machine.clock.advance(0);
}

const tunnel = (name: string) => `sx-${overlayId(name).slice(0, 12)}`;
const forwarding = (name: string) => [...(machine.linux.forwarding.get(tunnel(name)) ?? [])].sort();

test('the ingress network is there as soon as the node is in a swarm, with docker_gwbridge', async () => {
  await apply([INGRESS]);
  expect(await machine.networks()).toEqual(expect.arrayContaining(['ingress', 'docker_gwbridge']));
  expect(network.list().map(({ engineName }) => engineName)).toEqual(['ingress']);
});

test('an overlay comes with its first task and goes with its last', async () => {
  await apply([INGRESS, FRONT], [THERE]);
  expect(await machine.networks()).not.toContain('front');

  await apply([INGRESS, FRONT], [THERE, { ...HERE, active: false }]);
  expect(await machine.networks()).toContain('front');

  const container = await machine.runContainer('t1', { front: { IPAMConfig: { IPv4Address: '10.0.1.3' } } });
  await apply([INGRESS]);
  await machine.clock.advance(2_000);
  expect(await machine.networks()).toContain('front');

  await machine.engine.removeContainer(container, { force: true, volumes: true });
  await machine.clock.advance(2_000);
  expect(await machine.networks()).not.toContain('front');
  expect([...machine.linux.tunnels]).toEqual([tunnel('ingress')]);
});

test('a task is told its networks once they are in place', async () => {
  await apply([INGRESS]);
  const attached = network.attachmentFor(attachedTask('t1', HERE.on), never);
  await machine.clock.advance(3_000);
  await apply([INGRESS, FRONT], []);
  expect(await attached).toEqual({
    networkMode: 'bridge',
    endpoints: {
      front: { IPAMConfig: { IPv4Address: '10.0.1.3' }, MacAddress: '02:42:0a:00:01:03' },
      ingress: { IPAMConfig: { IPv4Address: '10.0.0.6' }, MacAddress: '02:42:0a:00:00:06' },
    },
  });
});

test('a task waits half a minute for its networks, or until it is called to something else', async () => {
  await apply([INGRESS]);
  const failed = network.attachmentFor(attachedTask('t1', HERE.on), never).catch((error: Error) => error.message);
  const calledOff = new AbortController();
  const aborted = network
    .attachmentFor(attachedTask('t9', { front: '10.0.1.9' }), calledOff.signal)
    .catch((error: Error) => error.name);
  calledOff.abort();
  expect(await aborted).toBe('MissingAttachments');
  await machine.clock.advance(30_000);
  expect(await failed).toBe('node is missing network attachments, ip addresses may be exhausted');
});

test('a task without overlays gets the node’s own networks', async () => {
  const nodeLocal = [{ id: 'hostid', name: 'host' } as const];
  await network.apply({ ...told([INGRESS]), nodeLocal });
  const host = { ...attachedTask('t1', {}), attachments: [{ networkId: 'hostid', addresses: [], aliases: [] }] };
  expect(await network.attachmentFor(host, never)).toEqual({ networkMode: 'host', endpoints: {} });
  expect(await network.attachmentFor(attachedTask('t2', {}), never)).toEqual({ networkMode: 'default', endpoints: {} });
});

test('every task of another node has its entry, and broadcasts go to every other node', async () => {
  await apply([INGRESS, FRONT], [{ ...HERE, active: false }, THERE]);
  expect(forwarding('front')).toEqual([
    `00:00:00:00:00:00 ${ADDRESSES.b}`,
    `02:42:0a:00:01:04 ${ADDRESSES.b}`,
    `02:42:0a:00:01:0b ${ADDRESSES.b}`,
  ]);
});

test('only what changed is changed', async () => {
  await apply([INGRESS, FRONT], [HERE, THERE]);
  machine.linux.log.length = 0;
  await apply([INGRESS, FRONT], [HERE, THERE]);
  expect(machine.linux.log).toEqual([]);

  await apply([INGRESS, FRONT], [HERE, THERE, { id: 't3', node: 'b', on: { front: '10.0.1.5' } }]);
  expect(machine.linux.log.filter((line) => line.startsWith('bridge'))).toEqual([
    `bridge fdb replace 02:42:0a:00:01:05 dev ${tunnel('front')} dst ${ADDRESSES.b} self permanent`,
    `bridge fdb replace 02:42:0a:00:01:05 dev ${tunnel('front')} master static`,
  ]);
});

test('a task about to stop gets no new connections, the others do; the port is held while one is left', async () => {
  await apply([INGRESS, FRONT], [HERE, THERE]);
  expect(machine.heldPorts).toEqual(new Set(['30000/tcp']));
  await network.deactivate(attachedTask('t1', HERE.on));
  expect(machine.linux.ruleset).toContain('map { 0 : 10.0.0.7 . 80 }');

  // The manager's next word may be older than that.
  await apply([INGRESS, FRONT], [HERE, THERE, { id: 't3', node: 'b', on: { front: '10.0.1.5' } }]);
  expect(machine.linux.ruleset).not.toContain('10.0.0.6');

  await apply([INGRESS, FRONT], [HERE, { ...THERE, active: false }]);
  expect(machine.heldPorts).toEqual(new Set());
});

test('a burst of changes costs few changes of rules', async () => {
  await apply([INGRESS, FRONT], [HERE]);
  machine.linux.log.length = 0;
  const tasks = Array.from(
    { length: 50 },
    (_, index): TestTask => ({ ...THERE, id: `b${index}`, on: { ingress: `10.0.0.${20 + index}` } }),
  );
  for (const count of tasks.keys()) {
    network.apply(told([INGRESS, FRONT], [HERE, ...tasks.slice(0, count + 1)]));
    await machine.clock.advance(10);
  }
  await machine.clock.advance(RULES_DELAY);
  expect(machine.linux.log.filter((line) => line === 'nft').length).toBeLessThanOrEqual(4);
  expect(machine.linux.ruleset).toContain('numgen inc mod 51 ');
});

test('tasks of a node that cannot be reached are left out until it answers again', async () => {
  await apply([INGRESS, FRONT], [HERE, THERE]);
  machine.unreachable.add(ADDRESSES.b);
  await machine.clock.advance(2_500);
  expect(machine.linux.ruleset).toContain('10.0.0.7');
  await machine.clock.advance(6_000);
  expect(machine.linux.ruleset).toContain('map { 0 : 10.0.0.6 . 80 }');
  machine.unreachable.clear();
  await machine.clock.advance(2_500);
  expect(machine.linux.ruleset).toContain('map { 0 : 10.0.0.6 . 80, 1 : 10.0.0.7 . 80 }');
});

test('a new agent goes on with what is there, and touches no device', async () => {
  await apply([INGRESS, FRONT], [HERE, THERE]);
  await machine.runContainer('t1', { front: { IPAMConfig: { IPv4Address: '10.0.1.3' } } });
  network.close();
  machine.linux.log.length = 0;

  network = machine.agent();
  await network.start();
  await machine.clock.advance(0);
  expect(
    network
      .list()
      .map(({ engineName }) => engineName)
      .sort(),
  ).toEqual(['front', 'ingress']);
  expect(machine.linux.log.filter((line) => / (fdb|address) (replace|append|del) |link del/.test(line))).toEqual([]);
  expect(machine.linux.ruleset).toContain('10.0.0.6');
});

test('after the node itself was off, its ended tasks get no connections', async () => {
  await apply([INGRESS, FRONT], [HERE, THERE]);
  network.close();
  network = machine.agent();
  await network.start();
  expect(machine.linux.ruleset).toContain('map { 0 : 10.0.0.7 . 80 }');
});

test('an overlay whose name a network of the node has gets another one there', async () => {
  await machine.engine.createNetwork({ Name: 'front', Driver: 'bridge' });
  await apply([INGRESS, FRONT], [HERE]);
  expect(network.list().map(({ engineName }) => engineName)).toContain(`front.${overlayId('front')}`);
});

test('when the node leaves the swarm nothing is left, whoever is still on its networks', async () => {
  await apply([INGRESS, FRONT], [HERE, THERE]);
  await machine.runContainer('plain', { front: {} });
  await network.clear();
  expect(await machine.networks()).toEqual(['docker_gwbridge']);
  expect(machine.linux.tunnels.size).toBe(0);
  expect(machine.linux.ruleset).toBeUndefined();
  expect(machine.linux.accepted).toBe(false);
  expect(machine.heldPorts.size).toBe(0);
  expect(machine.file).toBeUndefined();
});
