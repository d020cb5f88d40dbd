import type { Command } from 'commander';

/** One file of this folder: it adds its command (or group of commands) to the program. */
export interface CommandModule {
  register(program: Command): void;
}

/**
 * Every command and where it is. A module is loaded only when its command is called, so that `cluster exec` does not wait for
 * the code of `serve`.
 */
export const COMMANDS: Record<string, () => Promise<CommandModule>> = {
  serve: () => import('./serve.ts'),
  cluster: () => import('./cluster.ts'),
  grade: () => import('./grade.ts'),
  report: () => import('./report.ts'),
  regrade: () => import('./regrade.ts'),
  labs: () => import('./labs.ts'),
  new: () => import('./new.ts'),
  import: () => import('./import.ts'),
  lint: () => import('./lint.ts'),
  dev: () => import('./dev.ts'),
  prove: () => import('./prove.ts'),
  prepare: () => import('./prepare.ts'),
  explain: () => import('./explain.ts'),
  bench: () => import('./bench.ts'),
  doctor: () => import('./doctor.ts'),
  gc: () => import('./gc.ts'),
};
