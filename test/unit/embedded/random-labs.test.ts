import { expect, test } from 'vitest';
import { playRandomLabs } from './random-lab.ts';

test('whatever a student does to a lab of embedded nodes: once nodes and images are good again, so is every service', async () => {
  await expect(playRandomLabs(40, 1)).resolves.toBeUndefined();
}, 600_000);
