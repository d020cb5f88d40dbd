import type { FileListing } from './protocol.ts';

/** The files in a student's home folder on one node, whatever the node is. Paths are those that `filePath` lets through. */
export interface HomeFiles {
  /** All there is, by path. */
  list(): Promise<FileListing>;
  /** Rejects with SL_FILE_NOT_FOUND, SL_FILE_REFUSED (a link, a folder, a pipe) or SL_FILE_TOO_LARGE. */
  read(path: string): Promise<{ version: string; content: Buffer }>;
  /**
   * Puts `content` in the place of what the file holds, or makes it; gives the new version. With a `condition` only if the file still
   * has that version (SL_FILE_CHANGED), or with NEW_FILE only if there is none (SL_FILE_EXISTS).
   */
  write(path: string, content: Uint8Array, condition: string | undefined): Promise<string>;
  remove(path: string): Promise<void>;
  /** Rejects with SL_FILE_EXISTS. */
  makeFolder(path: string): Promise<void>;
  /** Rejects with SL_FILE_EXISTS when something has the new name already. */
  move(from: string, to: string): Promise<void>;
}
