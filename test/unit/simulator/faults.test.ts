import { afterEach, beforeEach, expect, test } from 'vitest';
import { VirtualClock } from '../../../server/clock/virtual-clock.ts';
import { EmbeddedCluster } from '../../../server/clusters/embedded/embedded-cluster.ts';
import { ImageStore, LAB_IMAGES } from '../../../server/engine/simulator/images.ts';
import { applyFault } from '../../../server/grading/apply-fault.ts';
import { type Fault, faultSchema } from '../../../server/labs/fault.ts';

const NODES = [
  { name: 'master', hostname: 'master.docker-dca.example', address: '10.10.10.100', role: 'manager' },
  { name: 'worker1', hostname: 'worker1.docker-dca.example', address: '10.10.10.110', role: 'worker' },
] as const;

let clock: VirtualClock;
let cluster: EmbeddedCluster;

async function boot(imagesOn: readonly string[] = NODES.map(({ name }) => name)): Promise<void> {
  clock = new VirtualClock();
  cluster = new EmbeddedCluster({ clock, nodes: NODES, imagesOn, log: () => {} });
  const started = cluster.start();
  await clock.advance(4000);
  await started;
}
beforeEach(() => boot());
afterEach(() => cluster.close());

/** Breaks something as a lab would say it. */
async function fault(written: unknown, seed = 'a'): Promise<void> {
  const parsed: Fault = faultSchema.parse(written);
  const breakable = {
    controlSocket: () => '',
    exec: async () => ({ exitCode: 0, stdout: '', stderr: '', ended: undefined }),
    act: async () => {},
    simulated: (node: string) => cluster.node(node).engine,
  };
  await applyFault(
    parsed,
    breakable,
    NODES.map(({ name }) => name),
    seed,
  );
}

async function create(name: string, replicas: number, image = 'alpine:latest'): Promise<void> {
  const Mode = { Replicated: { Replicas: replicas } };
  const ContainerSpec = { Image: image, Args: ['sleep', '1d'] };
  await cluster.fleet
    .machine('master')
    .control()
    .services.create({ Name: name, Mode, TaskTemplate: { ContainerSpec } });
}

const running = () =>
  NODES.map(({ name }) => cluster.node(name).engine.containers()).map(
    (all) => all.filter(({ state }) => state.Running).length,
  );

/** When tasks crashed, in seconds since now, for a while. */
async function crashesOf(seed: string): Promise<string[]> {
  await boot();
  const crashes: string[] = [];
  await create('web', 3);
  await clock.advance(10_000);
  await fault({ crash: 'web', every: '10s' }, seed);
  const began = clock.now();
  for (const { name } of NODES) {
    const { eventLog } = cluster.node(name).engine;
    eventLog.listen(() => {
      const { Action, Actor } = eventLog.since(0).at(-1) ?? {};
      const at = ((clock.now() - began) / 1000).toFixed(2);
      if (Action === 'die') crashes.push(`${Actor?.Attributes.name?.split('.')[1]} at ${at}`);
    });
  }
  await clock.advance(60_000);
  await cluster.close();
  return crashes;
}

test('tasks of a service crash again and again, each in its own time, and the same with the same seed', async () => {
  const crashes = await crashesOf('a');
  expect(crashes.length).toBeGreaterThan(6);
  expect(new Set(crashes.slice(0, 3).map((crash) => crash.split(' at ')[1])).size).toBe(3);
  expect(await crashesOf('a')).toEqual(crashes);
  expect(await crashesOf('b')).not.toEqual(crashes);
});

test('crashes end when they are to', async () => {
  await create('web', 2);
  await fault({ crash: 'web', every: '5s' });
  await clock.advance(20_000);
  await fault({ crash: 'web', every: '0s' });
  await clock.advance(20_000);
  const before = cluster.nodes.get('master')?.engine.containers().length;
  await clock.advance(60_000);
  expect(cluster.nodes.get('master')?.engine.containers().length).toBe(before);
  expect(running().reduce((sum, count) => sum + count, 0)).toBe(2);
});

test('a full disk takes no new containers, and tasks go elsewhere', async () => {
  await fault({ 'full-disk': 'worker1' });
  await create('web', 4);
  await clock.advance(60_000);
  expect(running()).toEqual([4, 0]);
  await fault({ 'free-disk': 'worker1' });
  await create('more', 4);
  await clock.advance(60_000);
  expect(running()[1]).toBeGreaterThan(0);
});

test('a slow pull keeps a task preparing', async () => {
  await cluster.close();
  await boot(['master']);
  cluster.wire.registry = new ImageStore();
  cluster.wire.registry.add('alpine:latest', LAB_IMAGES.alpine);
  await fault({ 'slow-pull': '30s', on: 'worker1' });
  await create('web', 2);
  await clock.advance(20_000);
  expect(running()).toEqual([1, 0]);
  await clock.advance(20_000);
  expect(running()).toEqual([1, 1]);
});
