import type { IncomingMessage } from 'node:http';
import Docker from 'dockerode';
import { EngineError, EngineUnreachable } from './engine.ts';

export interface EngineCall {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Without query: `/containers/create`. */
  path: string;
  query?: Record<string, string | number | boolean>;
  /** Sent as JSON, or as a tar archive when it is bytes. */
  body?: Record<string, unknown> | Uint8Array;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
}

/** What counts as success: 304 is a container that was already started or stopped. */
const SUCCESS = { 200: true, 201: true, 204: true, 304: true };

/**
 * Calls of a Docker engine over a unix socket, through dockerode's modem. Failures are EngineErrors with the engine's own status
 * and text, EngineUnreachable where no engine answers.
 */
export class EngineDialer {
  readonly #docker: Docker;

  constructor(socketPath: string) {
    // No agent of its own: node's global one keeps connections alive, and the modem prints a given one in full for every request.
    this.#docker = new Docker({ socketPath });
  }

  /** The parsed JSON of the answer, or undefined when it has none. */
  async json(call: EngineCall): Promise<unknown> {
    const answer = await this.#dial(call, false);
    return Buffer.isBuffer(answer) ? undefined : answer;
  }

  /** The answer as it comes in. Its end is the caller's to wait for; aborting the signal destroys it. */
  async stream(call: EngineCall): Promise<IncomingMessage> {
    return (await this.#dial(call, true)) as IncomingMessage;
  }

  #dial(call: EngineCall, isStream: boolean): Promise<unknown> {
    const bytes = call.body instanceof Uint8Array ? Buffer.from(call.body) : undefined;
    const request = {
      path: `${call.path}?`,
      method: call.method,
      options: { _query: call.query ?? {}, _body: bytes === undefined ? (call.body ?? {}) : {} },
      isStream,
      statusCodes: SUCCESS,
      ...(bytes !== undefined && { file: bytes }),
      ...(call.headers !== undefined && { headers: { ...call.headers } }),
      ...(call.signal !== undefined && { abortSignal: call.signal }),
    };
    return new Promise((resolve, reject) => {
      this.#docker.modem.dial(request, (error: unknown, answer: unknown) => {
        if (error) reject(call.signal?.aborted ? call.signal.reason : asEngineError(error));
        else resolve(answer);
      });
    });
  }
}

/** dockerode's error as the engine meant it: its message without the words dockerode puts around it. */
function asEngineError(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  if (!('statusCode' in error) || typeof error.statusCode !== 'number') return new EngineUnreachable(error);
  const wrapped = /^\(HTTP code \d+\) (?:.*?) - (.*?) ?$/s.exec(error.message);
  return new EngineError(error.statusCode, wrapped?.[1] ?? error.message);
}
