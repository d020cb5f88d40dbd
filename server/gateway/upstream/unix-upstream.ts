import { Agent, type ClientRequest, type OutgoingHttpHeaders, request } from 'node:http';
import { type HttpUpstream, MAX_HEADER_BYTES, type UpstreamRequest } from './http-upstream.ts';

/** An HTTP server behind a unix socket: dockerd, or the cluster host. */
export class UnixUpstream implements HttpUpstream {
  readonly #agent = new Agent({ keepAlive: true, maxFreeSockets: 16 });
  readonly #socketPath: string;
  readonly #pathPrefix: string;
  readonly #headers: OutgoingHttpHeaders;

  /** `pathPrefix` is put before every path and `headers` are added to every request (a credential, for example). */
  constructor(socketPath: string, options: { pathPrefix?: string; headers?: OutgoingHttpHeaders } = {}) {
    this.#socketPath = socketPath;
    this.#pathPrefix = options.pathPrefix ?? '';
    this.#headers = options.headers ?? {};
  }

  request({ method, path, headers }: UpstreamRequest): ClientRequest {
    return request({
      socketPath: this.#socketPath,
      method,
      path: this.#pathPrefix + path,
      headers: { ...headers, ...this.#headers },
      // A connection that is handed over to the client must not come from, or go back to, the pool.
      agent: headers.upgrade === undefined ? this.#agent : false,
      maxHeaderSize: MAX_HEADER_BYTES,
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
