import type { IncomingMessage } from 'node:http';
import type { Exchange } from '../exchange.ts';
import { unclear } from '../guard/refusal.ts';
import { BodyTooLarge } from './body-too-large.ts';

/** Reads a whole body, however it is framed, of at most `limit` bytes. Rejects with BodyTooLarge, or when the client goes away. */
export async function readBody(req: IncomingMessage, limit: number): Promise<Buffer> {
  if (!hasBody(req)) return Buffer.alloc(0);
  const chunks: Buffer[] = [];
  let length = 0;
  if (Number(req.headers['content-length'] ?? 0) > limit) throw new BodyTooLarge(limit);
  // The connection has to outlive a body that is too large: it is to carry the refusal.
  const body: AsyncIterable<Buffer> = req.iterator({ destroyOnReturn: false });
  for await (const chunk of body) {
    length += chunk.length;
    if (length > limit) throw new BodyTooLarge(limit);
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
}

/**
 * Reads a request's whole body, also where Node has handed the connection over and the body is the first thing on it. Rejects with
 * BodyTooLarge beyond `limit` bytes.
 */
export async function readRawBody({ req, raw }: Exchange, limit: number): Promise<Buffer> {
  if (raw === undefined) return readBody(req, limit);
  if (req.headers['transfer-encoding'] !== undefined) throw unclear('a body in chunks cannot come with an upgrade');
  const length = Number(req.headers['content-length'] ?? 0);
  if (length > limit) throw new BodyTooLarge(limit);
  return raw.take(length);
}

/** Whether a body follows the request's head; most requests have none. */
function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
