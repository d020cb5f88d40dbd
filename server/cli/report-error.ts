import { CommanderError } from 'commander';
import { isDiskFull } from '../errors/disk-full.ts';
import { SwarmlabError } from '../errors/swarmlab-error.ts';

/** What a command that failed prints on stderr, and the code it exits with. Stack traces only with SWARMLAB_DEBUG=1. */
export function reportError(error: unknown): number {
  const known = asSwarmlabError(error);
  process.stderr.write(`error[${known.code}]: ${known.message}\n`);
  process.stderr.write(`  ${known.next}\n`);
  if (process.env.SWARMLAB_DEBUG === '1' && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return known.exitCode;
}

/** The error as one of the catalogue: what commander refuses is a wrong call, a full disk is named, the rest is internal. */
export function asSwarmlabError(error: unknown): SwarmlabError {
  if (error instanceof SwarmlabError) return error;
  if (error instanceof CommanderError) return new SwarmlabError('SL_USAGE', error.message.replace(/^error: /, ''));
  if (isDiskFull(error)) return new SwarmlabError('SL_DISK_FULL', error.message, { cause: error });
  return new SwarmlabError('SL_INTERNAL', error instanceof Error ? error.message : String(error), { cause: error });
}
