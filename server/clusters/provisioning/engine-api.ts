import { request } from 'node:http';

/** An answer of 400 and up, with the engine's own message. */
export class ApiError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
  }
}

/**
 * One call of an HTTP API on a unix socket, with JSON there and back; undefined where the answer has no body. Rejects with ApiError,
 * or with the error of the socket. Each call has a connection of its own: one that was kept may be closed from the other side in the
 * moment in which it is used again.
 */
export function callApi(socketPath: string, method: string, path: string, body?: unknown): Promise<unknown> {
  const payload = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const call = request({
      socketPath,
      agent: false,
      method,
      path,
      headers:
        payload === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) },
    });
    call.once('error', reject);
    call.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const text = Buffer.concat(chunks).toString();
        const status = response.statusCode ?? 500;
        if (status >= 400) reject(new ApiError(status, messageOf(text) ?? `${method} ${path} answered ${status}`));
        else resolve(text === '' ? undefined : parsed(text));
      });
    });
    call.end(payload);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function messageOf(text: string): string | undefined {
  const body = parsed(text);
  if (typeof body === 'object' && body !== null && 'message' in body && typeof body.message === 'string')
    return body.message;
  return text === '' ? undefined : text;
}
