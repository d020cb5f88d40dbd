import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { ControlError } from '../orchestrator/api/control-error.ts';
import { Refusal } from './guard/refusal.ts';
import type { RawConnection } from './hijack/raw-connection.ts';
import { BodyTooLarge } from './http/body-too-large.ts';
import { EngineResponse } from './http/engine-response.ts';
import { parseTarget, type RequestTarget } from './request-target.ts';
import { DAEMON_HEADERS, PageNotFound, VERSION_HEADERS, VersionRefused } from './swarm-api/api-version.ts';

/** A client's request and the answer it is to get. */
export interface Exchange {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly target: RequestTarget;
  /** There when the client wants the connection's own bytes after the head of the answer (attach, exec). */
  readonly raw?: RawConnection;
}

/** The exchange of an ordinary request. */
export function plainExchange(req: IncomingMessage, res: ServerResponse): Exchange {
  return { req, res, target: parseTarget(req.method, req.url) };
}

/** The exchange of a request whose connection Node has handed over; an answer written to `res` ends the connection. */
export function rawExchange(req: IncomingMessage, raw: RawConnection): Exchange {
  const res = new EngineResponse(req);
  res.shouldKeepAlive = false;
  // Any Duplex will do for a response; only the type asks for a Socket.
  const socket: Duplex = raw.stream;
  res.assignSocket(socket as Socket);
  res.on('finish', () => socket.end());
  return { req, res, target: parseTarget(req.method, req.url), raw };
}

/** Answers as dockerd does: JSON with the message, which the CLI shows behind "Error response from daemon: ". */
export function answerError(res: ServerResponse, status: number, message: string, headers = DAEMON_HEADERS): void {
  if (res.headersSent) {
    res.destroy();
    return;
  }
  answerJson(res, status, { message }, headers);
}

/** Answers with whatever was thrown: a refusal with its own status, anything else as 500. */
export function answerThrown(res: ServerResponse, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof PageNotFound) answerError(res, error.status, message, {});
  else if (error instanceof VersionRefused) answerError(res, error.status, message, VERSION_HEADERS);
  else {
    const known = error instanceof Refusal || error instanceof ControlError || error instanceof BodyTooLarge;
    answerError(res, known ? error.status : 500, message);
  }
}

/** Answers with JSON, newline at the end as Go's encoder writes it. */
export function answerJson(res: ServerResponse, status: number, body: unknown, headers = DAEMON_HEADERS): void {
  const text = Buffer.from(`${JSON.stringify(body)}\n`);
  res.writeHead(status, { ...headers, 'content-type': 'application/json', 'content-length': text.length });
  res.end(text);
}

/** Answers without a body. */
export function answerNothing(res: ServerResponse, status: number): void {
  res.writeHead(status, { ...DAEMON_HEADERS, ...(status !== 204 && { 'content-length': 0 }) }).end();
}
