import type { OutgoingHttpHeaders } from 'node:http';
import type { Exchange } from '../exchange.ts';
import { checkJsonType } from '../http/json-body.ts';
import { compilePattern, type PathParameters } from '../http/path-pattern.ts';
import { readRawBody } from '../http/read-body.ts';
import { PageNotFound } from '../swarm-api/api-version.ts';
import { buildEndpoints } from './endpoints/build-endpoints.ts';
import { containerEndpoints } from './endpoints/container-endpoints.ts';
import type { BodyRule, Endpoint, GuardContext } from './endpoints/endpoint.ts';
import { imageEndpoints } from './endpoints/image-endpoints.ts';
import { swarmEndpoints } from './endpoints/swarm-endpoints.ts';
import { systemEndpoints } from './endpoints/system-endpoints.ts';
import { checkHeaders } from './headers.ts';
import { readJsonBody } from './json-request.ts';
import { formatPath } from './path.ts';
import { checkQuery } from './query.ts';
import { unclear } from './refusal.ts';

const ENDPOINTS = [
  ...containerEndpoints,
  ...imageEndpoints,
  ...buildEndpoints,
  ...systemEndpoints,
  ...swarmEndpoints,
].map((endpoint) => ({ ...endpoint, match: compilePattern(endpoint.pattern) }));

/** A request that may be passed on, written anew from what was understood of it. */
export interface Admitted {
  /** Path and query, without version. */
  path: string;
  query: string;
  headers: OutgoingHttpHeaders;
  /** Bytes to send; undefined where the client's own stream follows. */
  body: Buffer | undefined;
}

/**
 * Decides whether a request may be passed on. Nothing is passed on as it came, but as it was read here, so that whoever reads it next
 * cannot read it differently. Throws a Refusal.
 */
export async function admit(exchange: Exchange, context: GuardContext): Promise<Admitted> {
  const { target, req } = exchange;
  const { endpoint, parameters } = find(target.method, target.path);
  if (endpoint.refuse) throw endpoint.refuse();
  const path = formatPath(endpoint.pattern, parameters);
  const query = await checkQuery(target.query, endpoint.query, context);
  const headers = checkHeaders(req.headers);
  return { path, query, ...(await checkBody(exchange, endpoint.body, headers, context)) };
}

function find(method: string, path: string): { endpoint: Endpoint; parameters: PathParameters } {
  for (const endpoint of ENDPOINTS) {
    const parameters = endpoint.methods.includes(method) ? endpoint.match(path) : undefined;
    if (parameters !== undefined) return { endpoint, parameters };
  }
  throw new PageNotFound();
}

async function checkBody(
  exchange: Exchange,
  rule: BodyRule,
  headers: OutgoingHttpHeaders,
  context: GuardContext,
): Promise<Pick<Admitted, 'headers' | 'body'>> {
  switch (rule.kind) {
    case 'none': {
      const bytes = await readRawBody(exchange, 0).catch(() => {
        throw unclear('this request takes no body');
      });
      return { headers, body: bytes };
    }
    case 'stream': {
      // On a connection that Node has handed over the body could only be read as a whole.
      if (exchange.raw) throw unclear('this request takes no upgrade');
      const length = exchange.req.headers['content-length'];
      return {
        headers: { ...headers, 'content-type': rule.type, ...(length && { 'content-length': length }) },
        body: undefined,
      };
    }
    case 'json': {
      checkJsonType(exchange.req.headers);
      const body = await readJsonBody(exchange, rule, context);
      return body === undefined
        ? { headers, body: Buffer.alloc(0) }
        : { headers: { ...headers, 'content-type': 'application/json' }, body };
    }
  }
}
