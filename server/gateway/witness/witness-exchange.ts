import { createHash } from 'node:crypto';
import type { Exchange } from '../exchange.ts';
import { decodeComponent } from '../http/path-pattern.ts';
import { clientKind } from './client-kind.ts';
import type { Testimony, Witness } from './witness.ts';

/** What is remembered of a path, a query or a user agent at most; a client could fill the memory otherwise. */
const REMEMBERED_CHARACTERS = 4096;
const SERVICE_CHANGE = /^\/services\/(?:create|[^/]+\/update)$/;

/** Writes down a request as it comes, and how it goes on until it is over. */
export function witnessExchange(witness: Witness, { req, res, target, raw }: Exchange): Testimony {
  const short = (text: string) => text.slice(0, REMEMBERED_CHARACTERS);
  const query = readQuery(short(target.query));
  const testimony = witness.saw(
    {
      method: target.method,
      path: short(target.path.replace(/\/{2,}/g, '/')),
      query,
      filters: readFilters(query.filters),
      client: clientKind(target, req),
      userAgent: short(req.headers['user-agent'] ?? ''),
    },
    () => (res.headersSent || raw?.handedOver ? res.statusCode : undefined),
  );
  res.on('close', testimony.closed);
  return testimony;
}

/** Remembers which body a service was created or changed with. */
export function witnessBody(testimony: Testimony, path: string, body: Buffer | undefined): void {
  if (body !== undefined && SERVICE_CHANGE.test(path)) {
    testimony.body(createHash('sha256').update(body).digest('hex'));
  }
}

function readQuery(query: string): Record<string, string> {
  const pairs = query === '' ? [] : query.split('&');
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name = '', value = ''] = pair.split(/=(.*)/s).map((part) => part.replaceAll('+', ' '));
      return [decodeComponent(name) ?? name, decodeComponent(value) ?? value];
    }),
  );
}

/** Both forms that the Engine API takes: `{"key":{"value":true}}` and `{"key":["value"]}`. */
function readFilters(text: string | undefined): Record<string, string[]> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text ?? '{}');
  } catch {
    return {};
  }
  if (typeof parsed !== 'object' || parsed === null) return {};
  return Object.fromEntries(
    Object.entries(parsed).map(([key, values]) => [
      key,
      Array.isArray(values) ? values.map(String) : Object.keys(values ?? {}),
    ]),
  );
}
