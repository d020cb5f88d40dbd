import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { createServer, type Server, type Socket } from 'node:net';
import type { DnsForwarder } from './forwarder.ts';
import { type DnsQuery, type DnsReply, formatReply, parseQuery } from './message.ts';
import { UNKNOWN_NAME } from './resolver.ts';
import { frame, frames } from './tcp-frames.ts';

const PORT = 53;
/** The most a message over TCP can have. */
const TCP_SIZE = 65_535;
/** A client that says nothing for this long is let go. */
const IDLE_TIMEOUT = 10_000;

export interface DnsServerOptions {
  /** The address it listens on, which has to be one of the node's. */
  address: string;
  /** Answers a query of the container or process at `source`; undefined: ask elsewhere. */
  answer(query: DnsQuery, source: string): Promise<DnsReply | undefined>;
  forwarder: DnsForwarder;
  log(message: string): void;
}

/** The name server of a node, for its containers (whose engine passes on what it does not know itself) and its own programs. */
export class DnsServer {
  readonly #options: DnsServerOptions;
  readonly #udp: UdpSocket = createSocket('udp4');
  readonly #tcp: Server = createServer((socket) => this.#serve(socket));
  readonly #clients = new Set<Socket>();

  constructor(options: DnsServerOptions) {
    this.#options = options;
  }

  /** Resolves when it listens on UDP and TCP; rejects when it cannot. */
  async listen(port: number = PORT): Promise<{ port: number }> {
    const { address, log } = this.#options;
    await new Promise<void>((resolve, reject) => {
      this.#udp.once('error', reject);
      this.#udp.bind(port, address, () => {
        this.#udp.off('error', reject);
        resolve();
      });
    });
    this.#udp.on('error', (error) => log(`dns: ${error.message}`));
    this.#udp.on('message', async (message, { address: source, port: sourcePort }) => {
      const reply = await this.#reply(message, source, 'udp');
      if (reply) this.#udp.send(reply, sourcePort, source, () => {});
    });
    const bound = this.#udp.address().port;
    await new Promise<void>((resolve, reject) => {
      this.#tcp.once('error', reject);
      this.#tcp.listen(bound, address, resolve);
    });
    return { port: bound };
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.destroy();
    await Promise.all([
      new Promise<void>((resolve) => this.#udp.close(() => resolve())),
      new Promise<void>((resolve) => this.#tcp.close(() => resolve())),
    ]);
  }

  #serve(socket: Socket): void {
    this.#clients.add(socket);
    socket.setTimeout(IDLE_TIMEOUT, () => socket.destroy());
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#clients.delete(socket));
    frames(socket, async (message) => {
      const reply = await this.#reply(message, socket.remoteAddress ?? '', 'tcp');
      if (reply && !socket.destroyed) socket.write(frame(reply));
    });
  }

  async #reply(message: Uint8Array, source: string, transport: 'udp' | 'tcp'): Promise<Uint8Array | undefined> {
    const query = parseQuery(message);
    if (!query) return undefined;
    const known = await this.#options.answer(query, source);
    if (!known) {
      const answer = await this.#options.forwarder.ask(message, transport);
      if (answer) return answer;
    }
    return formatReply(query, known ?? UNKNOWN_NAME, transport === 'udp' ? query.udpSize : TCP_SIZE);
  }
}
