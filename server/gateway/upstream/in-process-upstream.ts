import { type ClientRequest, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { type Duplex, duplexPair } from 'node:stream';
import { type HttpUpstream, MAX_HEADER_BYTES, type UpstreamRequest } from './http-upstream.ts';

export interface InProcessServer {
  handler(req: IncomingMessage, res: ServerResponse): void;
  upgrade?(req: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/**
 * An HTTP server in this process, reached through a pair of streams instead of a socket: a simulated engine, or the Swarm API of an
 * embedded cluster. It speaks real HTTP, so that streams, upgrades and half-closed connections behave as over a socket.
 */
export class InProcessUpstream implements HttpUpstream {
  readonly #server;

  constructor(server: InProcessServer) {
    this.#server = createServer(
      { maxHeaderSize: MAX_HEADER_BYTES, requestTimeout: 0, keepAliveTimeout: 0 },
      (req, res) => server.handler(req, res),
    );
    const { upgrade } = server;
    if (upgrade) this.#server.on('upgrade', (req, socket, head) => upgrade.call(server, req, socket, head));
  }

  request({ method, path, headers }: UpstreamRequest): ClientRequest {
    return request({
      method,
      path,
      headers: { host: 'in-process', ...headers },
      maxHeaderSize: MAX_HEADER_BYTES,
      createConnection: () => {
        const [near, far] = duplexPair();
        // As with a socket, one end hears of it when the other breaks off.
        near.on('close', () => far.destroy());
        far.on('close', () => near.destroy());
        this.#server.emit('connection', far);
        return near;
      },
    });
  }

  close(): void {
    this.#server.close();
  }
}
