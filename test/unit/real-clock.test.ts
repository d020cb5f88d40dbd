import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RealClock } from '../../server/clock/real-clock.ts';

const DAY = 24 * 3_600_000;

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test('a timer can be longer than the ones of Node.js', () => {
  const fired: string[] = [];
  new RealClock().after(40 * DAY, () => fired.push('late'));
  vi.advanceTimersByTime(39 * DAY);
  expect(fired).toEqual([]);
  vi.advanceTimersByTime(2 * DAY);
  expect(fired).toEqual(['late']);
});

test('a long timer can be disposed in any of its turns', () => {
  const fired: string[] = [];
  const timer = new RealClock().after(40 * DAY, () => fired.push('late'));
  vi.advanceTimersByTime(30 * DAY);
  timer.dispose();
  vi.advanceTimersByTime(30 * DAY);
  expect(fired).toEqual([]);
});
