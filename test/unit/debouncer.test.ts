import { expect, test } from 'vitest';
import { Debouncer } from '../../server/clock/debouncer.ts';
import { VirtualClock } from '../../server/clock/virtual-clock.ts';

function counting(times = { quiet: 50, longest: 200 }) {
  const clock = new VirtualClock();
  const runs: number[] = [];
  const begun = clock.now();
  const debouncer = new Debouncer(clock, times, () => runs.push(clock.now() - begun));
  return { clock, debouncer, runs };
}

test('a burst is one run, when it has been quiet', async () => {
  const { clock, debouncer, runs } = counting();
  debouncer.trigger();
  await clock.advance(30);
  debouncer.trigger();
  await clock.advance(500);
  expect(runs).toEqual([80]);
});

test('a burst that does not end is put off no longer than the limit', async () => {
  const { clock, debouncer, runs } = counting();
  for (let time = 0; time < 20; time++) {
    debouncer.trigger();
    await clock.advance(30);
  }
  await clock.advance(500);
  expect(runs).toEqual([200, 410, 620]);
});

test('flushing runs what is waiting at once, and only that', async () => {
  const { clock, debouncer, runs } = counting();
  debouncer.flush();
  debouncer.trigger();
  debouncer.flush();
  await clock.advance(500);
  expect(runs).toEqual([0]);
});
