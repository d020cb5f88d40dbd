import { accessSync, constants } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isDiskFull } from '../errors/disk-full.ts';
import { SwarmlabError } from '../errors/swarmlab-error.ts';

/** Throws SL_USAGE when a file cannot be written for want of its folder: to be told before minutes of work, not after. */
export function checkOutputFile(file: string): void {
  try {
    accessSync(dirname(file), constants.W_OK);
  } catch (cause) {
    throw cannotWrite(file, cause);
  }
}

/** Writes a file that the user has named; SL_USAGE when that cannot be. A `fresh` one must not be there yet. */
export async function writeOutputFile(
  file: string,
  content: string | Uint8Array,
  options: { fresh?: boolean } = {},
): Promise<void> {
  await writeFile(file, content, { flag: options.fresh ? 'wx' : 'w' }).catch((cause: unknown) => {
    throw isDiskFull(cause) ? cause : cannotWrite(file, cause);
  });
}

function cannotWrite(file: string, cause: unknown): SwarmlabError {
  return new SwarmlabError('SL_USAGE', `${file} cannot be written: ${cause instanceof Error ? cause.message : cause}`, {
    next: 'Name a new file in a folder that is there.',
    cause,
  });
}
