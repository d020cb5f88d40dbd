import { expect, test } from 'vitest';
import { clockText, scoresByDomain, spokenAt } from '../../../client/lab/exam-clock.ts';

test('the time left is shown in hours only where there are some, and never below zero', () => {
  expect([5_400_000, 3_600_000, 3_599_000, 61_000, 500, 0, -4000].map(clockText)).toEqual([
    '1:30:00',
    '1:00:00',
    '59:59',
    '01:01',
    '00:01',
    '00:00',
    '00:00',
  ]);
});

test('what is left is said when it becomes short, once', () => {
  const minute = 60_000;
  expect(spokenAt(10 * minute + 500, 10 * minute - 500)).toBe('10 minutes left.');
  expect(spokenAt(10 * minute - 500, 10 * minute - 1500)).toBeUndefined();
  expect(spokenAt(minute + 1, minute)).toBe('1 minute left.');
  expect(spokenAt(500, -500)).toBe('The time is over.');
  expect(spokenAt(-500, -1500)).toBeUndefined();
});

test('points are added up by domain; steps without points make none', () => {
  const steps = [
    { domain: 'orchestration', points: 3, earned: 2 },
    { domain: 'images', points: 2, earned: 0 },
    { domain: 'orchestration', points: 1, earned: 1 },
    { domain: 'security', points: 0, earned: 0 },
  ];
  expect(scoresByDomain(steps)).toEqual([
    { domain: 'orchestration', earned: 3, of: 4 },
    { domain: 'images', earned: 0, of: 2 },
  ]);
});
