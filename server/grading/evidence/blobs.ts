import { createHash } from 'node:crypto';

/** Texts by a key made from their content: what is the same in many looks is kept once. */
export class Blobs {
  readonly #texts = new Map<string, string>();

  /** Keeps a text; gives its key. */
  keep(text: string): string {
    const key = createHash('sha256').update(text).digest('base64url').slice(0, 22);
    this.#texts.set(key, text);
    return key;
  }

  toRecord(): Record<string, string> {
    return Object.fromEntries(this.#texts);
  }
}
