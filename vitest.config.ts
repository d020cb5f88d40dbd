import { defineConfig } from 'vitest/config';

/** Milliseconds that a condition of a real machine may take to come true: the default of one second is too short for a busy one. */
const POLL_TIMEOUT = 20_000;

/**
 * unit: pure logic in virtual time, milliseconds a test. integration: a real engine, real containers. e2e: a real browser. long: as
 * integration, for what takes minutes (`npm run full`).
 * Integration and e2e files run one after the other: they share one Docker engine.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          setupFiles: ['test/support/seeded.ts'],
          testTimeout: 30_000,
          include: ['test/unit/**/*.test.ts', 'server/**/*.test.ts', 'graders/**/*.test.ts', 'client/**/*.test.ts'],
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          expect: { poll: { timeout: POLL_TIMEOUT } },
          testTimeout: 180_000,
          hookTimeout: 240_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'long',
          include: ['test/long/**/*.test.ts'],
          expect: { poll: { timeout: POLL_TIMEOUT } },
          testTimeout: 1_800_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          expect: { poll: { timeout: POLL_TIMEOUT } },
          testTimeout: 300_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
