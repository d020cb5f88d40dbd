import { chmodSync, rmSync } from 'node:fs';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSocketServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { askInClientsName } from './hijack/unasked-hijack.ts';
import { EngineResponse } from './http/engine-response.ts';
import { MAX_HEADER_BYTES } from './upstream/http-upstream.ts';

export interface Listener {
  readonly path: string;
  /** Stops listening, breaks every connection and removes the socket. */
  close(): Promise<void>;
}

interface Handlers {
  handler(req: IncomingMessage, res: ServerResponse): void;
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/**
 * Serves the Engine API on a unix socket, replacing what an earlier process left at that path. `mode` is the socket's file mode.
 * There are no time limits: a build's context or an idle `docker attach` may take as long as it likes.
 */
export async function listenOn(path: string, handlers: Handlers, mode: number): Promise<Listener> {
  const http = createHttpServer(
    {
      ServerResponse: EngineResponse,
      maxHeaderSize: MAX_HEADER_BYTES,
      requestTimeout: 0,
      headersTimeout: 0,
      keepAliveTimeout: 0,
    },
    (req, res) => handlers.handler(req, res),
  );
  http.on('upgrade', (req, socket, head) => handlers.upgrade(req, socket, head));

  const open = new Set<Socket>();
  const server = createSocketServer({ allowHalfOpen: true }, (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    readBegin(socket, () => {
      http.emit('connection', socket);
      socket.resume();
    });
  });
  rmSync(path, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  chmodSync(path, mode);
  return {
    path,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}

/** Reads as much of a new connection as it takes to see an unasked hijack, puts it back, and goes on. */
function readBegin(socket: Socket, next: () => void): void {
  let begin: Buffer = Buffer.alloc(0);
  const stop = () => {
    socket.pause();
    socket.off('data', onData).off('end', onEnd);
  };
  const onData = (chunk: Buffer) => {
    begin = begin.length === 0 ? chunk : Buffer.concat([begin, chunk]);
    const decided = askInClientsName(begin);
    if (decided === undefined) return;
    stop();
    socket.unshift(decided);
    next();
  };
  const onEnd = () => {
    stop();
    socket.destroy();
  };
  socket.on('data', onData).on('end', onEnd);
}
