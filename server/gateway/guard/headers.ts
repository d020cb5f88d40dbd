import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { z } from 'zod';
import { decode } from '../../orchestrator/api/request/go-json.ts';
import { registryAuth, registryConfig } from './bodies/registry-auth.ts';
import { canonicalKeys } from './json/canonical-keys.ts';
import { parseStrictJson } from './json/strict-json.ts';
import { unclear } from './refusal.ts';

const PLAIN = ['host', 'user-agent', 'accept'] as const;

/** The headers that are passed on; all others are dropped. What says who one is at a registry is read and written anew. */
export function checkHeaders(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  const kept: OutgoingHttpHeaders = {};
  for (const name of PLAIN) if (headers[name] !== undefined) kept[name] = headers[name];
  for (const [name, schema] of [
    ['x-registry-auth', registryAuth],
    ['x-registry-config', registryConfig],
  ] as const) {
    const value = headers[name];
    if (typeof value === 'string' && value !== '') kept[name] = rewrite(name, value, schema);
  }
  return kept;
}

/** Base64 of JSON, of either alphabet; written in the URL's, which is what dockerd reads. */
function rewrite<T extends object>(name: string, value: string, schema: z.ZodType<T | undefined>): string {
  if (!/^[A-Za-z0-9_\-+/]*={0,2}$/.test(value)) throw unclear(`the header ${name} is not base64`);
  const json = canonicalKeys(parseStrictJson(Buffer.from(value, 'base64')), schema);
  decode(schema, json);
  return Buffer.from(JSON.stringify(json)).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
}
