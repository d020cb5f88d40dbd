import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packTar } from '../../engine/tar.ts';
import { PROJECT_ROOT } from '../project-root.ts';

/** The files an image is built from. */
export interface Recipe {
  /** The build context, as POST /build takes it. */
  readonly context: Buffer;
  /** Changes whenever a file does. */
  readonly hash: string;
}

/** Reads a folder of images/ as a build context. */
export function readRecipe(folder: 'node' | 'lab'): Recipe {
  const path = join(PROJECT_ROOT, 'images', folder);
  const files = readdirSync(path).sort();
  const context = packTar(
    files.map((name) => ({ path: name, type: 'file' as const, content: readFileSync(join(path, name)) })),
  );
  return { context, hash: contentHash(context) };
}

/** Twelve hexadecimal digits that stand for everything given: what images are tagged with, so that equal inputs are built once. */
export function contentHash(...inputs: (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const input of inputs) hash.update(`${Buffer.byteLength(input)}:`).update(input);
  return hash.digest('hex').slice(0, 12);
}
