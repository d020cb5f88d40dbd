import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../clock/clock.ts';
import { Filters } from '../../orchestrator/api/filters.ts';
import type { SwarmMachine } from '../../orchestrator/membership/swarm-machine.ts';
import { checkJsonType, readJson } from '../http/json-body.ts';
import type { PathParameters } from '../http/path-pattern.ts';
import { readBody } from '../http/read-body.ts';

/** A request to the Swarm API, on its way to whoever answers it. */
export interface Call {
  readonly machine: SwarmMachine;
  readonly clock: Clock;
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly path: PathParameters;
  readonly query: URLSearchParams;
  /** The API version the client speaks. */
  readonly version: string;
}

/** Status and JSON of an answer; no body is an empty answer. `undefined` in its place: the route has answered by itself. */
export interface Answer {
  status: number;
  body?: unknown;
}

export interface Route {
  method: 'GET' | 'POST' | 'DELETE' | 'HEAD';
  /** As compilePattern reads it. */
  pattern: string;
  answer(call: Call): Answer | undefined | Promise<Answer | undefined>;
}

/** No object of a swarm is larger than a config, which is below 1 MB before base64. */
const LARGEST_BODY = 16 * 1024 * 1024;

/** Reads the JSON body of a call; undefined when it has none. Throws Docker's 400s. */
export async function jsonBody({ req }: Call): Promise<unknown> {
  checkJsonType(req.headers);
  return readJson(req.headers, await readBody(req, LARGEST_BODY));
}

/** The `filters` of a list, as they came; refused before anything else when they are none. Throws Docker's 400. */
export function filtersOf({ query }: Call): string | undefined {
  const filters = query.get('filters') ?? undefined;
  Filters.checkSyntax(filters);
  return filters;
}

/** The `version` of an update, as it came; refused before anything else when it is none. Throws Docker's 400. */
export function versionOf({ query }: Call, parse: (text: string | undefined) => number): string | undefined {
  const version = query.get('version') ?? undefined;
  parse(version);
  return version;
}

/** A placeholder of the path. */
export function parameter(call: Call, name: string): string {
  return call.path[name] ?? '';
}
