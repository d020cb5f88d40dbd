import type { ClientRequest, IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import type { Duplex } from 'node:stream';
import { answerError, type Exchange } from './exchange.ts';
import { joinStreams } from './hijack/join-streams.ts';
import { formatTarget, type RequestTarget } from './request-target.ts';
import type { HttpUpstream } from './upstream/http-upstream.ts';

/** A request as it is sent on. */
export interface Outgoing {
  target: RequestTarget;
  headers: OutgoingHttpHeaders;
  /** Undefined where the client's own stream is the body. */
  body: Buffer | undefined;
}

/** Headers that speak of one connection only and are never passed on. */
const HOP_BY_HOP = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Requests that dockerd answers with the connection itself. */
const HIJACKING = /^\/(?:containers\/[^/]+\/attach|exec\/[^/]+\/start)$/;

/** A request as it came, its body included. */
export function asItCame({ target, req }: Exchange): Outgoing {
  return { target, headers: endToEnd(req.headers), body: undefined };
}

/**
 * Sends a request to `upstream` and its answer back as it comes: nothing is held back until a body is complete, so that `logs -f`,
 * `events` and a build's context stream. `change` may add to the head of the answer. A connection that the client wants for itself is
 * joined with the upstream's.
 */
export function forward(
  exchange: Exchange,
  upstream: HttpUpstream,
  outgoing: Outgoing,
  change: (headers: OutgoingHttpHeaders) => void = () => {},
): void {
  const { req, res } = exchange;
  const upstreamRequest = send(exchange, upstream, outgoing);
  upstreamRequest.on('response', (answer) => {
    req.unpipe(upstreamRequest);
    req.resume();
    const headers = endToEnd(answer.headers);
    change(headers);
    res.writeHead(answer.statusCode ?? 502, answer.statusMessage, headers);
    res.flushHeaders();
    answer.pipe(res);
    answer.on('error', () => res.destroy());
  });
  upstreamRequest.on('upgrade', (answer, stream, head) => {
    if (head.length > 0) stream.unshift(head);
    handOver(exchange, answer, stream);
  });
  upstreamRequest.on('error', (error) => {
    answerError(res, 503, `the node's engine does not answer: ${error.message}`);
  });
}

/** Starts the request to the upstream and its body on its way; it ends when the client goes away. */
export function send(exchange: Exchange, upstream: HttpUpstream, outgoing: Outgoing): ClientRequest {
  const { req, res, raw } = exchange;
  const { target, body } = outgoing;
  const headers = { ...outgoing.headers };
  if (body !== undefined && (body.length > 0 || target.method === 'POST')) headers['content-length'] = body.length;
  if (target.method === 'POST' && HIJACKING.test(target.path)) {
    headers.connection = 'Upgrade';
    headers.upgrade = 'tcp';
  }
  const upstreamRequest = upstream.request({ method: target.method, path: formatTarget(target), headers });
  res.on('close', () => {
    if (!res.writableFinished) upstreamRequest.destroy();
  });
  if (body !== undefined) upstreamRequest.end(body);
  else if (raw === undefined) req.pipe(upstreamRequest);
  else {
    raw.take(Number(req.headers['content-length'] ?? 0)).then(
      (first) => upstreamRequest.end(first),
      () => upstreamRequest.destroy(),
    );
  }
  return upstreamRequest;
}

/** Joins the client's connection with the one that dockerd has given up to the container. */
function handOver({ res, raw }: Exchange, answer: IncomingMessage, stream: Duplex): void {
  if (raw) {
    res.statusCode = raw.upgraded ? 101 : 200;
    res.detachSocket(raw.stream as Parameters<typeof res.detachSocket>[0]);
    raw.stream.write(raw.upgraded ? headOf(answer) : HIJACKED_WITHOUT_UPGRADE);
    joinStreams({ input: raw.handOver(), stream: raw.stream }, stream, () => res.emit('close'));
    return;
  }
  // The request came on a connection that others had used before, so all that can be given is the output.
  res.writeHead(200, { 'content-type': 'application/vnd.docker.raw-stream', connection: 'close' });
  res.flushHeaders();
  stream.pipe(res);
  res.on('close', () => stream.destroy());
}

/** The headers that are meant for the other end and not for this connection. */
function endToEnd(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name)));
}

/** What dockerd answers to a client that attaches without asking for an upgrade. */
const HIJACKED_WITHOUT_UPGRADE = 'HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n';

function headOf(answer: IncomingMessage): string {
  const lines = [`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}`];
  for (let at = 0; at < answer.rawHeaders.length; at += 2)
    lines.push(`${answer.rawHeaders[at]}: ${answer.rawHeaders[at + 1]}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}
