import { statfsSync } from 'node:fs';

const CODES = new Set(['ENOSPC', 'EDQUOT', 'SQLITE_FULL']);

/** Whether something failed because there was no room: on the disk, or in what the user may have of it. */
export function isDiskFull(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && CODES.has(error.code);
}

/** Whether the file system of a folder has no room left for whoever asks; of one that is gone nobody can tell. */
export function isFull(folder: string): boolean {
  try {
    return statfsSync(folder).bavail === 0;
  } catch {
    return false;
  }
}
