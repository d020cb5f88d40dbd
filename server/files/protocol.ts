import { z } from 'zod';

/** The largest file that goes through the page, in bytes: stack files and configurations, not images. */
export const MAX_FILE_BYTES = 8 * 1024 * 1024;

/** Entries of a home folder that are listed; what is beyond is said to be there. */
export const MAX_ENTRIES = 1000;

/** Folders within each other that are looked into. */
export const MAX_DEPTH = 6;

/** The header with a file's version, in answers and as the condition of a change. */
export const VERSION_HEADER = 'x-file-version';

/** As a condition: the file must not be there yet. */
export const NEW_FILE = 'new';

/** The longest path in the home folder, in characters. */
const LONGEST_PATH = 512;

/** The path of something in the home folder, from there; no part of it leads up or is empty. */
export const filePath = z
  .string()
  .min(1)
  .max(LONGEST_PATH)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this keeps out.
  .regex(/^[^\x00-\x1f\x7f]*$/, 'a name has a control character in it')
  .refine((path) => path.split('/').every((part) => part !== '' && part !== '.' && part !== '..'), {
    message: 'a path begins in the home folder and does not lead out of it',
  });

/** What a file was when it was read: its time and size. Opaque to everyone but the node. */
export const fileVersion = z.string().regex(/^[0-9.-]{1,60}$/);

const fileEntry = z.object({
  path: z.string(),
  kind: z.enum(['file', 'folder', 'link', 'other']),
  /** Bytes. */
  size: z.number(),
  /** Milliseconds since the epoch. */
  modified: z.number(),
});
export type FileEntry = z.infer<typeof fileEntry>;

/** A home folder: everything in it by path, and whether there is more than is listed. */
export const fileListing = z.object({ entries: z.array(fileEntry), more: z.boolean() });
export type FileListing = z.infer<typeof fileListing>;

export const fileMove = z.strictObject({ from: filePath, to: filePath });
