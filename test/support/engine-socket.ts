import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';

export interface SocketAnswer {
  status: number;
  /** Parsed JSON, or the text when it is none. */
  body: unknown;
}

/** An Engine API behind a unix socket, asked with whatever bytes a test likes. */
export class EngineSocket {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 8 });
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  ask(
    method: string,
    path: string,
    body?: string | object,
    options: { chunked?: boolean } = {},
  ): Promise<SocketAnswer> {
    const bytes = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
    const length = bytes === undefined || options.chunked ? {} : { 'content-length': Buffer.byteLength(bytes) };
    const headers = { ...(bytes !== undefined && { 'content-type': 'application/json' }), ...length };
    return new Promise((resolve, reject) => {
      const call = request({ socketPath: this.#path, agent: this.#agent, method, path, headers }, (answer) => {
        text(answer).then((received) => resolve({ status: answer.statusCode ?? 0, body: parsed(received) }), reject);
      });
      call.on('error', reject);
      call.end(bytes);
    });
  }

  /** The body of a GET that must succeed. */
  async get<T>(path: string): Promise<T> {
    const { status, body } = await this.ask('GET', path);
    if (status !== 200) throw new Error(`GET ${path}: ${status} ${JSON.stringify(body)}`);
    return body as T;
  }

  close(): void {
    this.#agent.destroy();
  }
}

function parsed(received: string): unknown {
  try {
    return JSON.parse(received);
  } catch {
    return received;
  }
}
