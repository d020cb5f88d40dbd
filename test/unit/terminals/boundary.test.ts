import { expect, test } from 'vitest';
import { Boundary } from '../../../server/terminals/boundary.ts';

function boundaryOf(output: string | Uint8Array): number {
  const boundary = new Boundary();
  boundary.push(typeof output === 'string' ? Buffer.from(output) : output);
  return boundary.sequence;
}

test.each([
  ['plain text', 'hello', 5],
  ['a finished colour', '\x1b[31mred', 8],
  ['an unfinished colour', 'ab\x1b[3', 2],
  ['a lone escape', 'ab\x1b', 2],
  ['a character set', 'ab\x1b(B', 5],
  ['an unfinished character set', 'ab\x1b(', 2],
  ['a title ended by BEL', '\x1b]0;title\x07x', 11],
  ['an unfinished title', 'ab\x1b]0;tit', 2],
  ['a sequence cancelled by CAN', '\x1b[31\x18ab', 7],
])('%s', (_, output, expected) => {
  expect(boundaryOf(output)).toBe(expected);
});

test('a character of two, three or four bytes is whole or not there', () => {
  for (const character of ['ñ', '€', '🐳']) {
    const bytes = Buffer.from(`ab${character}`);
    for (let cut = 2; cut < bytes.length; cut++) expect(boundaryOf(bytes.subarray(0, cut))).toBe(2);
    expect(boundaryOf(bytes)).toBe(bytes.length);
  }
});

test('bytes that are no UTF-8 do not hold the boundary back', () => {
  expect(boundaryOf(Uint8Array.of(0xff, 0xfe, 0x80, 0xc0))).toBe(4);
  expect(boundaryOf(Uint8Array.of(0xe2, 0x41))).toBe(2);
});
