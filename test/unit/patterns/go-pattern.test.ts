import { expect, test } from 'vitest';
import { matchesGoPattern } from '../../../server/patterns/go-pattern.ts';

test.each([
  ['web', 'web', true],
  ['webserver', '^web', true],
  ['webserver', '^web$', false],
  ['web.1', 'web\\.\\d', true],
  ['web', '(', false],
  ['web', '(?=w)', false],
])('%s, looked for with %s: %s', (text, pattern, found) => {
  expect(matchesGoPattern(text, pattern)).toBe(found);
});

test.each([
  ['(a+)+$', false],
  ['(a|a)+$', false],
  ['(.*)*-$', true],
  ['((a{30}){30}){30}$', false],
  ['('.repeat(5_000), false],
])('a pattern made to take years is answered at once: %s', (pattern, found) => {
  const began = process.cpuUsage();
  expect(matchesGoPattern(`${'a'.repeat(60)}-`, pattern)).toBe(found);
  const { user, system } = process.cpuUsage(began);
  expect((user + system) / 1_000).toBeLessThan(1_000);
});
