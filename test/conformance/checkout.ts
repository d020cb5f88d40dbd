import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { SwarmlabError } from '../../server/errors/swarmlab-error.ts';
import { runProgram } from './run-program.ts';
import type { Suite } from './suite.ts';

const FETCH_LIMIT = 120_000;

/** A suite's files, and the commit they are of where git can tell. */
export interface Checkout {
  folder: string;
  commit: string | undefined;
}

/**
 * The checkout that was given, or one at the pinned commit, cloned into the cache folder where the net allows. Rejects with SL_USAGE
 * when there is nothing at the path, with SL_NOT_SUPPORTED when it cannot be cloned.
 */
export async function checkoutOf(suite: Suite, given: string | undefined): Promise<Checkout> {
  if (given !== undefined) {
    const folder = resolve(given);
    if (existsSync(join(folder, suite.landmark))) return { folder, commit: await commitOf(folder) };
    throw new SwarmlabError('SL_NOT_SUPPORTED', `there is no checkout of ${suite.name} at ${folder}`, {
      next: `It is to be a folder with ${suite.landmark}, of ${suite.source} at ${suite.commit}.`,
    });
  }
  const folder = join(cacheFolder(), `${suite.name}-${suite.commit.slice(0, 12)}`);
  if (!existsSync(folder)) await clone(suite, folder);
  return { folder, commit: suite.commit };
}

async function clone({ name, source, commit }: Suite, folder: string): Promise<void> {
  const fresh = `${folder}.${process.pid}`;
  mkdirSync(dirname(folder), { recursive: true });
  for (const args of [
    ['init', '--quiet', fresh],
    ['-C', fresh, 'fetch', '--quiet', '--depth', '1', source, commit],
    ['-C', fresh, 'checkout', '--quiet', commit],
  ]) {
    const { exit, stderr } = await runProgram('git', args, {
      environment: { GIT_TERMINAL_PROMPT: '0' },
      limit: FETCH_LIMIT,
    });
    if (exit === 0) continue;
    rmSync(fresh, { recursive: true, force: true });
    throw new SwarmlabError(
      'SL_NOT_SUPPORTED',
      `${name} cannot be cloned: ${stderr.trim() || `git ended with ${exit}`}`,
      {
        next: `Give a checkout of ${source} at ${commit}: --${name} FOLDER`,
      },
    );
  }
  renameSync(fresh, folder);
}

async function commitOf(folder: string): Promise<string | undefined> {
  const { exit, stdout } = await runProgram('git', ['-C', folder, 'rev-parse', 'HEAD']);
  return exit === 0 ? stdout.trim() : undefined;
}

function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'swarmlab', 'conformance');
}
