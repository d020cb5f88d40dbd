import type { z } from 'zod';
import { decode } from '../../../orchestrator/api/request/go-json.ts';
import type { JsonObject } from '../json/strict-json.ts';
import type { GuardContext, JsonRule } from './endpoint.ts';

/**
 * A JSON body of the given Go type. `check` gets the body as Go would read it, throws a Refusal when it may not be, and changes
 * `sent`, the body that will be passed on, where it may be only in another form.
 */
export function json<T extends object>(
  schema: z.ZodType<T | undefined>,
  check: (body: Partial<T>, sent: JsonObject, context: GuardContext) => void | Promise<void> = () => {},
): JsonRule {
  return { kind: 'json', schema, check: (sent, context) => check(decode(schema, sent), sent, context) };
}

/** Sets keys of the struct at `key` of `sent`, which is there. Keys that are undefined are left as they are. */
export function overwrite(sent: JsonObject, path: readonly string[], values: Readonly<Record<string, unknown>>): void {
  let struct = sent;
  for (const key of path) {
    const next = struct[key];
    if (typeof next !== 'object' || next === null || Array.isArray(next)) return;
    struct = next;
  }
  // What is written here was read from JSON before.
  Object.assign(struct, JSON.parse(JSON.stringify(values)));
}
