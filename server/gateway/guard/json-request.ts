import { decode } from '../../orchestrator/api/request/go-json.ts';
import type { Exchange } from '../exchange.ts';
import { firstValueOf } from '../http/json-body.ts';
import { readRawBody } from '../http/read-body.ts';
import type { GuardContext, JsonRule } from './endpoints/endpoint.ts';
import { canonicalKeys } from './json/canonical-keys.ts';
import { type JsonObject, type JsonValue, parseStrictJson } from './json/strict-json.ts';

/** The largest body that is read: a config of 1 MB in base64 and some room. */
const LARGEST_JSON = 4 * 1024 * 1024;

/** Reads a request's JSON body, checks it, and gives it as it may be passed on; undefined when there is none. Throws a Refusal. */
export async function readJsonBody(
  exchange: Exchange,
  rule: JsonRule,
  context: GuardContext,
): Promise<Buffer | undefined> {
  const bytes = await readRawBody(exchange, LARGEST_JSON);
  if (bytes.length === 0) {
    await rule.check({}, context);
    return undefined;
  }
  const value = canonicalKeys(parseStrictJson(firstValueOf(bytes)), rule.schema);
  if (isObject(value)) await rule.check(value, context);
  else checkOther(value, rule);
  return Buffer.from(JSON.stringify(value));
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Go reads `null` as a struct with nothing in it; anything else is of the wrong type. */
function checkOther(value: JsonValue, rule: JsonRule): void {
  if (value !== null) decode(rule.schema as Parameters<typeof decode>[0], value);
}
