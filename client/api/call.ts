import type { z } from 'zod';
import { ApiError } from './api-error.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

async function send(method: Method, path: string, body: unknown): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      credentials: 'same-origin',
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  } catch {
    throw new ApiError('SL_OFFLINE', 'The server does not answer.', 'Is `swarmlab serve` running?');
  }
  if (!response.ok) throw await ApiError.from(response);
  return response;
}

/** Asks the server and checks its answer. Rejects with ApiError. */
export async function call<Schema extends z.ZodType>(
  schema: Schema,
  method: Method,
  path: string,
  body?: unknown,
): Promise<z.output<Schema>> {
  return schema.parse(await (await send(method, path, body)).json());
}

/** Tells the server to do something that has no answer. Rejects with ApiError. */
export async function tell(method: Method, path: string, body?: unknown): Promise<void> {
  await send(method, path, body);
}
