import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { isFull } from '../../../server/errors/disk-full.ts';

test('a folder that is gone is not full, and asking for it is no error', () => {
  expect([isFull(tmpdir()), isFull('/no/such/folder')]).toEqual([false, false]);
});
