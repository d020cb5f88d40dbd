import { afterEach, beforeEach, expect, test } from 'vitest';
import { RealClock } from '../../../server/clock/real-clock.ts';
import { VirtualClock } from '../../../server/clock/virtual-clock.ts';
import { EmbeddedCluster } from '../../../server/clusters/embedded/embedded-cluster.ts';
import type { SimulatedEngine } from '../../../server/engine/simulator/simulated-engine.ts';

const NODES = [{ name: 'master', hostname: 'master', address: '10.10.10.100', role: 'manager' }] as const;
/** Milliseconds of processor time for which this process may once not answer anybody, whatever containers compute. */
const LONGEST_SILENCE = 1_000;

let cluster: EmbeddedCluster;
let engine: SimulatedEngine;

beforeEach(() => {
  cluster = new EmbeddedCluster({ clock: new RealClock(), nodes: NODES, imagesOn: ['master'], log: () => {} });
  engine = cluster.node('master').engine;
});
afterEach(() => cluster.close());

async function start(script: string): Promise<string> {
  const { Id } = await engine.createContainer(`c${engine.containers().length}`, {
    Image: 'alpine',
    Cmd: ['sh', '-c', script],
  });
  await engine.startContainer(Id);
  return Id;
}

/** Milliseconds of processor time between turns of the event loop until something is over: the longest, and the mean. */
async function silences(until: Promise<unknown>): Promise<{ longest: number; mean: number }> {
  const gaps: number[] = [];
  let over = false;
  void until.then(() => {
    over = true;
  });
  while (!over) {
    const before = process.cpuUsage();
    await new Promise((resolve) => setTimeout(resolve, 1));
    const { user, system } = process.cpuUsage(before);
    gaps.push((user + system) / 1_000);
  }
  return { longest: Math.max(...gaps), mean: gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length };
}

test.each([
  ['a loop', 'while :; do :; done'],
  ['a loop with work', 'i=0; while [ $i -ge 0 ]; do i=$((i+1)); a="$(echo $i | wc -c)"; done'],
  ['a loop in a substitution', 'echo $(until false; do :; done)'],
  ['a function that calls itself twice', 'f() { f; f; }; f; f'],
  ['files without end', 'i=0; while :; do i=$((i+1)); mkdir -p /d$i; echo x > /d$i/f; done'],
])('%s in twenty containers leaves the process to others', async (_, script) => {
  for (let index = 0; index < 20; index++) await start(script);
  const while400 = new Promise((resolve) => setTimeout(resolve, 400));
  expect((await silences(while400)).mean).toBeLessThan(20);
});

test.each([
  ['a loop where no step can be put', "eval 'while :; do :; done'; echo over"],
  ['a variable that doubles', 'a=xxxxxxxxxx; while :; do a=$a$a; done'],
  ['a stream editor that loops', "echo a | sed ':x; s/a/aa/; bx'"],
  ['numbers without end', 'seq 1 1000000000'],
])('%s comes to an end by itself', async (_, script) => {
  const id = await start(script);
  expect((await silences(engine.container(id).wait())).longest).toBeLessThan(LONGEST_SILENCE);
  expect(engine.container(id).state).toMatchObject({ Running: false });
  expect(engine.container(id).state.ExitCode).not.toBe(0);
});

test('a loop takes some of a virtual clock’s time too, so that time goes on beside it', async () => {
  const clock = new VirtualClock();
  const virtual = new EmbeddedCluster({ clock, nodes: NODES, imagesOn: ['master'], log: () => {} });
  const other = virtual.node('master').engine;
  const { Id } = await other.createContainer('loop', { Image: 'alpine', Cmd: ['sh', '-c', 'while :; do :; done'] });
  await other.startContainer(Id);
  let went = false;
  clock.after(10, () => {
    went = true;
  });
  await clock.advance(15);
  expect(went).toBe(true);
  expect(other.container(Id).state.Running).toBe(true);
  await virtual.close();
});
