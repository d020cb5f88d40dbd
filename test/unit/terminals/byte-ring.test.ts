import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteRing } from '../../../server/terminals/byte-ring.ts';

test('whatever is pushed, the ring holds the last bytes under their sequence numbers', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 200 }),
      fc.array(fc.uint8Array({ minLength: 0, maxLength: 300 }), { maxLength: 20 }),
      (capacity, chunks) => {
        const ring = new ByteRing(capacity);
        for (const chunk of chunks) ring.push(chunk);
        const all = Buffer.concat(chunks);
        expect(ring.end).toBe(all.length);
        expect(ring.start).toBe(Math.max(0, all.length - capacity));
        for (let from = ring.start; from <= ring.end; from += 7) {
          expect(Buffer.from(ring.read(from, 10))).toEqual(all.subarray(from, from + 10));
        }
      },
    ),
  );
});

test('growing keeps what is held', () => {
  const ring = new ByteRing(1024 * 1024);
  const chunk = Buffer.from(Array.from({ length: 40_000 }, (_, index) => index % 251));
  for (let times = 0; times < 20; times++) ring.push(chunk);
  const all = Buffer.concat(Array.from({ length: 20 }, () => chunk));
  expect(all.equals(ring.read(0, all.length))).toBe(true);
});

test('bytes that are gone or not there yet are refused', () => {
  const ring = new ByteRing(4);
  ring.push(Buffer.from('abcdef'));
  expect(() => ring.read(1, 1)).toThrow(RangeError);
  expect(() => ring.read(7, 1)).toThrow(RangeError);
  expect(ring.read(6, 1).length).toBe(0);
});
