import { randomBytes } from 'node:crypto';

/**
 * What random tests begin with. Another one each time on a person's machine; always the same in CI, where a run that fails has to fail
 * again when it is looked into. SWARMLAB_SEED asks for a certain one.
 */
export const SEED =
  process.env.SWARMLAB_SEED === undefined
    ? process.env.CI
      ? 1
      : randomBytes(4).readUInt32BE()
    : Number(process.env.SWARMLAB_SEED);
