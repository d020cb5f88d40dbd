import type { IncomingMessage } from 'node:http';
import { ControlError } from '../../orchestrator/api/control-error.ts';
import type { JsonAnswer, JsonApi } from '../networks/json-api.ts';
import type { HttpUpstream } from '../upstream/http-upstream.ts';

/** Asks an upstream whole questions: JSON sent, JSON back. `called` is how a message calls it when it does not answer. */
export function jsonApi(upstream: HttpUpstream, called: string): JsonApi {
  return ({ method, path, body }) => {
    const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const headers = bytes && { 'content-type': 'application/json', 'content-length': bytes.length };
    return new Promise((resolve, reject) => {
      const request = upstream.request({ method, path, headers: { ...headers } });
      request.on('error', (error) => reject(new ControlError(503, `${called} does not answer: ${error.message}`)));
      request.on('response', (answer) => readJsonAnswer(answer).then(resolve, reject));
      request.end(bytes);
    });
  };
}

/** Reads an answer to its end. A body that is no JSON is given as text. */
export async function readJsonAnswer(answer: IncomingMessage): Promise<JsonAnswer> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer as AsyncIterable<Buffer>) chunks.push(chunk);
  const status = answer.statusCode ?? 502;
  const text = Buffer.concat(chunks).toString();
  if (text === '') return { status };
  try {
    return { status, body: JSON.parse(text) };
  } catch {
    return { status, body: text };
  }
}
