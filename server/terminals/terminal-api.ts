import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { z } from 'zod';
import { SwarmlabError } from '../errors/swarmlab-error.ts';
import { MAX_INPUT_BYTES, TERMINAL_PROTOCOL, terminalSize } from './protocol.ts';
import type { TerminalHost } from './terminal-host.ts';
import { serveViewer } from './terminal-socket.ts';

const PREFIX = '/v0/terminals';
const MAX_BODY_BYTES = 4096;

const fromQuery = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(0);

/**
 * The terminals of a node over HTTP, for whoever may open the node's agent socket:
 * GET and POST /v0/terminals, DELETE /v0/terminals/ID, WebSocket /v0/terminals/ID?from=SEQUENCE.
 */
export class TerminalApi {
  readonly #host: TerminalHost;
  readonly #sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_INPUT_BYTES,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(TERMINAL_PROTOCOL) ? TERMINAL_PROTOCOL : false),
  });

  constructor(host: TerminalHost) {
    this.#host = host;
  }

  /** Answers the request if it is one for terminals; false when it is not. */
  handle(request: IncomingMessage, response: ServerResponse): boolean {
    const path = new URL(request.url ?? '/', 'http://node').pathname;
    if (path !== PREFIX && !path.startsWith(`${PREFIX}/`)) return false;
    this.#answer(request, path.slice(PREFIX.length + 1)).then(
      ({ status, body }) => sendJson(response, status, body),
      (error: unknown) => sendError(response, error),
    );
    return true;
  }

  /** Takes the upgrade if it is for a terminal's WebSocket; false when it is not. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    const url = new URL(request.url ?? '/', 'http://node');
    if (!url.pathname.startsWith(`${PREFIX}/`)) return false;
    const from = fromQuery.safeParse(url.searchParams.get('from') ?? undefined);
    const id = url.pathname.slice(PREFIX.length + 1);
    if (!from.success || !this.#host.list().some((terminal) => terminal.id === id)) {
      const status = from.success ? '404 Not Found' : '400 Bad Request';
      socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
      return true;
    }
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) =>
      serveViewer(this.#host.get(id), webSocket, from.data),
    );
    return true;
  }

  async #answer(request: IncomingMessage, id: string): Promise<{ status: number; body?: unknown }> {
    if (id === '' && request.method === 'GET') return { status: 200, body: this.#host.list() };
    if (id === '' && request.method === 'POST') {
      const size = terminalSize.parse(JSON.parse(await readBody(request)));
      return { status: 201, body: { id: this.#host.create({ columns: size.cols, rows: size.rows }).id } };
    }
    if (id !== '' && request.method === 'DELETE') {
      this.#host.remove(id);
      return { status: 204 };
    }
    return { status: 405, body: { code: 'SL_USAGE', message: `${request.method} is not possible here` } };
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > MAX_BODY_BYTES) throw new SwarmlabError('SL_USAGE', `the body is longer than ${MAX_BODY_BYTES} bytes`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString();
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

function sendError(response: ServerResponse, error: unknown): void {
  if (error instanceof SwarmlabError) {
    const status = error.code === 'SL_TERMINAL_NOT_FOUND' ? 404 : error.code === 'SL_TERMINAL_LIMIT' ? 409 : 400;
    sendJson(response, status, { code: error.code, message: error.message });
  } else if (error instanceof z.ZodError || error instanceof SyntaxError) {
    sendJson(response, 400, { code: 'SL_USAGE', message: error.message });
  } else {
    sendJson(response, 500, { code: 'SL_INTERNAL', message: error instanceof Error ? error.message : String(error) });
  }
}
