import type { z } from 'zod';
import type { JsonObject } from '../json/strict-json.ts';
import type { GuardPolicy } from '../policy.ts';

/** What a check may look up besides the request itself. */
export interface GuardContext {
  readonly policy: GuardPolicy;
  /** Whether what a client calls a network (name, ID or beginning of an ID) is the node's own network. */
  isHostNetwork(reference: string): Promise<boolean>;
}

/**
 * How a query parameter is read: `text` once, `list` as often as one likes, `json` once and as JSON that is written anew. A function
 * checks the one value and gives it as it may be passed on.
 */
export type QueryRule = 'text' | 'list' | 'json' | ((value: string, context: GuardContext) => string | Promise<string>);
export type QueryRules = Readonly<Record<string, QueryRule>>;

/** What a request's body may be. */
export type BodyRule =
  | { kind: 'none' }
  /** Bytes that the engine takes apart by itself, a tar archive mostly; passed on under this content type and no other. */
  | { kind: 'stream'; type: string }
  | JsonRule;

export interface JsonRule {
  kind: 'json';
  schema: z.ZodType;
  /** Throws a Refusal; may change `sent`, which is what will be passed on. */
  check(sent: JsonObject, context: GuardContext): void | Promise<void>;
}

/** A request that the Engine API knows, and what of it is let through. */
export interface Endpoint {
  methods: readonly string[];
  /** As compilePattern reads it. */
  pattern: string;
  query: QueryRules;
  body: BodyRule;
  /** There when no request of this kind is let through. */
  refuse?: () => Error;
}

export const NO_BODY: BodyRule = { kind: 'none' };
export const TAR: BodyRule = { kind: 'stream', type: 'application/x-tar' };

/** A query parameter of `filters`, as JSON. */
export const FILTERS: QueryRules = { filters: 'json' };

/** A request that only reads. */
export function get(pattern: string, query: QueryRules = {}): Endpoint {
  return { methods: ['GET'], pattern, query, body: NO_BODY };
}

/** A POST with everything in its query. */
export function post(pattern: string, query: QueryRules = {}, body: BodyRule = NO_BODY): Endpoint {
  return { methods: ['POST'], pattern, query, body };
}

/** A DELETE, which has no body. */
export function remove(pattern: string, query: QueryRules = {}): Endpoint {
  return { methods: ['DELETE'], pattern, query, body: NO_BODY };
}

/** A request that is known and never let through. */
export function refused(methods: readonly string[], pattern: string, refuse: () => Error): Endpoint {
  return { methods, pattern, query: {}, body: NO_BODY, refuse };
}
