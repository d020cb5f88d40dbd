import type { z } from 'zod';
import { ApiError } from './api-error.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** Asks the server; gives its answer as it is. Rejects with ApiError when it refuses or is not there. */
export async function request(
  method: Method,
  path: string,
  options: { body?: BodyInit; headers?: Record<string, string> } = {},
): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { method, credentials: 'same-origin', ...options });
  } catch {
    throw new ApiError('SL_OFFLINE', 'The server does not answer.', 'Is `swarmlab serve` running?');
  }
  if (!response.ok) throw await ApiError.from(response);
  return response;
}

function asJson(body: unknown): { body?: BodyInit; headers?: Record<string, string> } {
  if (body === undefined) return {};
  return { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
}

/** Asks the server and checks its answer. Rejects with ApiError. */
export async function call<Schema extends z.ZodType>(
  schema: Schema,
  method: Method,
  path: string,
  body?: unknown,
): Promise<z.output<Schema>> {
  return schema.parse(await (await request(method, path, asJson(body))).json());
}

/** Tells the server to do something that has no answer. Rejects with ApiError. */
export async function tell(method: Method, path: string, body?: unknown): Promise<void> {
  await request(method, path, asJson(body));
}
