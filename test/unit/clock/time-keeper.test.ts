import { setTimeout as sleepReally } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { sleep } from '../../../server/clock/clock.ts';
import { TimeKeeper } from '../../../server/clock/time-keeper.ts';
import { VirtualClock } from '../../../server/clock/virtual-clock.ts';

const START = 1_000_000;

let clock: VirtualClock;
let time: TimeKeeper;
beforeEach(() => {
  clock = new VirtualClock(START);
  time = new TimeKeeper(clock);
});
afterEach(() => time.dispose());

const passed = () => clock.now() - START;
/** Long enough, really, for hours of virtual time. */
const aMoment = () => sleepReally(10);

test('an hour passes at once while nothing is at work', async () => {
  await sleep(clock, 3_600_000);
  expect(passed()).toBe(3_600_000);
});

test('time stands still while something is at work, and goes on afterwards', async () => {
  const hold = clock.hold();
  const slept = sleep(clock, 1000);
  await aMoment();
  expect(passed()).toBe(0);
  hold.dispose();
  await slept;
  expect(passed()).toBe(1000);
});

test('time stands still while a program outside computes', async () => {
  const program = time.program();
  void sleep(clock, 1000);
  await aMoment();
  expect(passed()).toBe(0);
  program.dispose();
});

test('a program that waits for an answer gives time the right to pass, until it has it', async () => {
  const program = time.program();
  const request = time.request();
  clock.after(1000, () => request.dispose());
  clock.after(2000, () => {});
  await vi.waitFor(() => expect(passed()).toBe(1000));
  await aMoment();
  expect(passed()).toBe(1000);
  program.dispose();
});

test('a request that can be answered without time is answered before any passes', async () => {
  clock.after(1, () => {});
  const request = time.request();
  // As many turns as a way over some sockets in this process takes.
  for (let turn = 0; turn < 30; turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(passed()).toBe(0);
  request.dispose();
});

test('while a stream is read virtual time is at most a hundred times as fast', async () => {
  const program = time.program();
  const stream = time.request(() => true);
  for (let second = 1; second <= 3600; second++) clock.after(second * 1000, () => {});
  const began = performance.now();
  await vi.waitFor(() => expect(passed()).toBeGreaterThanOrEqual(2000), { interval: 1 });
  expect(passed()).toBeLessThanOrEqual((performance.now() - began) * 100);
  stream.dispose();
  program.dispose();
});

test('timers fire in their order, each at its own time', async () => {
  const fired: [string, number][] = [];
  for (const [name, after] of [
    ['late', 300],
    ['early', 100],
    ['middle', 200],
    ['middle again', 200],
  ] as const)
    clock.after(after, () => fired.push([name, passed()]));
  await sleep(clock, 400);
  expect(fired).toEqual([
    ['early', 100],
    ['middle', 200],
    ['middle again', 200],
    ['late', 300],
  ]);
});
