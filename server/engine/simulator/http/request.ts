import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { EngineError } from '../../engine.ts';
import { DAEMON_HEADERS } from './api-version.ts';

/** Bodies larger than this are refused: no honest request to a simulated engine needs more. */
const BODY_LIMIT = 16 * 1024 * 1024;

/** One request to the simulated engine: what was asked, and how to answer. */
export class EngineRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** What the route's pattern caught, by name. */
  params: Readonly<Record<string, string>> = {};
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse | undefined;
  readonly socket: Duplex | undefined;

  constructor(incoming: IncomingMessage, answer: { response?: ServerResponse; socket?: Duplex }) {
    const url = new URL(incoming.url ?? '/', 'http://engine');
    this.method = incoming.method ?? 'GET';
    this.path = url.pathname.replace(/^\/v1\.\d+/, '');
    this.query = url.searchParams;
    this.incoming = incoming;
    this.response = answer.response;
    this.socket = answer.socket;
  }

  param(name: string): string {
    return decodeURIComponent(this.params[name] ?? '');
  }

  /** As Go's engine reads a flag: `1`, `true`, `True` ... are yes, everything else is no. */
  flag(name: string): boolean {
    const value = (this.query.get(name) ?? '').toLowerCase();
    return !['', '0', 'no', 'false', 'none'].includes(value.trim());
  }

  /** The `filters` parameter: key to the values asked for. Both of the client's spellings are understood. */
  filters(): Record<string, string[]> {
    const text = this.query.get('filters');
    if (text === null || text === '') return {};
    let parsed: Record<string, string[] | Record<string, boolean>>;
    try {
      parsed = JSON.parse(text);
    } catch {
      throw new EngineError(400, 'invalid filter');
    }
    const isList = Array.isArray(parsed) || Object.values(parsed ?? {}).some((values) => typeof values !== 'object');
    if (isList) throw new EngineError(400, 'invalid filter');
    return Object.fromEntries(
      Object.entries(parsed ?? {}).map(([key, values]) => [
        key,
        Array.isArray(values) ? values : Object.keys(values).filter((value) => values[value] === true),
      ]),
    );
  }

  async body(): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of this.incoming) {
      size += (chunk as Buffer).length;
      if (size > BODY_LIMIT) throw new EngineError(413, 'request body too large');
      chunks.push(chunk as Buffer);
    }
    return Buffer.concat(chunks);
  }

  async json(): Promise<Record<string, unknown>> {
    const text = (await this.body()).toString();
    if (text === '') return {};
    try {
      return JSON.parse(text);
    } catch (error) {
      throw new EngineError(400, `invalid JSON: ${(error as Error).message}`);
    }
  }

  send(status: number, value?: unknown): void {
    const text = value === undefined ? '' : `${JSON.stringify(value)}\n`;
    if (this.response === undefined) {
      this.socket?.end(
        `HTTP/1.1 ${status} .\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`,
      );
      return;
    }
    this.response.writeHead(status, {
      ...DAEMON_HEADERS,
      ...(text === '' ? {} : { 'Content-Type': 'application/json' }),
      'Content-Length': Buffer.byteLength(text),
    });
    this.response.end(text);
  }

  /** Answers as the daemon's router does where there is no such path or method. */
  notFound(): void {
    const text = `${JSON.stringify({ message: 'page not found' })}\n`;
    this.response?.writeHead(404, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) });
    this.response?.end(text);
  }

  /** Begins an answer of unknown length; headers go out at once. */
  stream(type: string): ServerResponse {
    if (this.response === undefined) throw new EngineError(400, 'this endpoint takes no upgrade');
    this.response.writeHead(200, { ...DAEMON_HEADERS, 'Content-Type': type });
    this.response.flushHeaders();
    return this.response;
  }

  /** Aborted when the client has gone. */
  gone(): AbortSignal {
    const controller = new AbortController();
    const closable = this.response ?? this.socket;
    closable?.once('close', () => controller.abort());
    return controller.signal;
  }

  /** Takes the connection over, as attach and exec do: raw bytes both ways from here on. */
  hijack(tty: boolean): Duplex {
    const type = tty ? 'application/vnd.docker.raw-stream' : 'application/vnd.docker.multiplexed-stream';
    if (this.socket !== undefined) {
      this.socket.write(
        `HTTP/1.1 101 UPGRADED\r\nContent-Type: ${type}\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n`,
      );
      return this.socket;
    }
    const socket = this.incoming.socket;
    this.response?.detachSocket(socket);
    socket.write(`HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\n\r\n`);
    return socket;
  }
}

/** One chunk of a stream that is not a terminal: the engine's eight-byte header and the bytes. */
export function frame(stream: 'stdout' | 'stderr', data: Uint8Array): Buffer {
  const header = Buffer.alloc(8);
  header[0] = stream === 'stdout' ? 1 : 2;
  header.writeUInt32BE(data.length, 4);
  return Buffer.concat([header, data]);
}
