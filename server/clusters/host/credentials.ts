import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Tells nodes by what they prove themselves with: `authorization: Bearer CREDENTIAL`. */
export class Credentials {
  readonly #nodes: readonly { name: string; digest: Buffer }[];

  constructor(nodes: readonly { name: string; credential: string }[]) {
    this.#nodes = nodes.map(({ name, credential }) => ({ name, digest: digestOf(credential) }));
  }

  /** The node whose credential the request carries; undefined when it carries none. */
  nodeOf(request: Pick<IncomingMessage, 'headers'>): string | undefined {
    const [, given] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
    if (given === undefined) return undefined;
    const digest = digestOf(given);
    return this.#nodes.find((node) => timingSafeEqual(node.digest, digest))?.name;
  }
}

/** Equally long whatever was given, so that comparing takes equally long. */
function digestOf(credential: string): Buffer {
  return createHash('sha256').update(credential).digest();
}
