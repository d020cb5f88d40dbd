import type { IncomingHttpHeaders } from 'node:http';
import { Refusal } from './refusal.ts';

const MEDIA_TYPE = /^\s*([!#$%&'*+\-.^_`|~\w]+(?:\/[!#$%&'*+\-.^_`|~\w]+)?)\s*(?:;.*)?$/;

/** Refuses a JSON request that says its body is something else, as dockerd does; without a body it need say nothing. Throws 400. */
export function checkContentType(headers: IncomingHttpHeaders): void {
  const given = headers['content-type'] ?? '';
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  if (given === '' && !hasBody) return;
  const type = MEDIA_TYPE.exec(given)?.[1]?.toLowerCase();
  if (type === undefined) throw new Refusal(400, `malformed Content-Type header (${given}): mime: no media type`);
  if (type !== 'application/json')
    throw new Refusal(400, `unsupported Content-Type header (${given}): must be 'application/json'`);
}
