import { expect, test } from 'vitest';
import { Backoff } from '../../../client/api/backoff.ts';

test('attempts become rarer, up to one in five seconds, and begin anew after success', () => {
  const backoff = new Backoff();
  const waits = Array.from({ length: 7 }, () => backoff.next(() => 1));
  expect(waits).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000]);
  backoff.reset();
  expect(backoff.next(() => 0)).toBe(187.5);
});
