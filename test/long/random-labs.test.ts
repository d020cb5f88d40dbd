import { expect, test } from 'vitest';
import '../support/seeded.ts';
import { playRandomLabs } from '../unit/embedded/random-lab.ts';

test('a thousand labs of embedded nodes, each played at random: once nodes and images are good again, so is every service', async () => {
  await expect(playRandomLabs(1_000, 2)).resolves.toBeUndefined();
});
