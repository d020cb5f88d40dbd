import { createReadStream } from 'node:fs';
import { SwarmlabError } from '../errors/swarmlab-error.ts';

/**
 * Reads a text file of at most `limit` bytes. What is no file (a pipe, a device) is read as far as that, too, so that nothing can be endless.
 * Throws SL_USAGE for what is longer or cannot be read; `what` says what it should have been.
 */
export async function readText(file: string, limit: number, what: string): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of createReadStream(file)) {
      const bytes = Buffer.from(chunk);
      chunks.push(bytes);
      length += bytes.length;
      if (length > limit) break;
    }
  } catch (cause) {
    throw new SwarmlabError('SL_USAGE', `${what} cannot be read: ${cause instanceof Error ? cause.message : cause}`, {
      next: 'Name a file that is there and can be read.',
      cause,
    });
  }
  if (length > limit)
    throw new SwarmlabError('SL_USAGE', `${what} ${file} is longer than ${limit} bytes`, {
      next: 'Make it shorter.',
    });
  return Buffer.concat(chunks).toString('utf8');
}
