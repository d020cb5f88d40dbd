import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isLike } from '../../../graders/like.ts';

test.each([
  ['web', 'web', true],
  ['web.1.x', 'web', false],
  ['web.1.x', 'web.*', true],
  ['xweb.1', 'web.*', false],
  ['a-b-c', 'a*b*c', true],
  ['ac', 'a*c', true],
  ['a', 'a*a', false],
  ['abab', '*ab*b', true],
  ['a.c', 'a?c', false],
  ['anything', '*', true],
])('%s is like %s: %s', (text, pattern, like) => {
  expect(isLike(text, pattern)).toBe(like);
});

test('is as a regular expression would have it', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', '.') });
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*') });
  fc.assert(
    fc.property(word, pattern, (text, like) => {
      const source = like.replaceAll('.', '\\.').replaceAll('*', '.*');
      expect(isLike(text, like)).toBe(new RegExp(`^${source}$`).test(text));
    }),
  );
});
