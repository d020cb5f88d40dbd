import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import type { Clock } from '../../../clock/clock.ts';
import { frame, frames } from './tcp-frames.ts';

/** How long a server may take; clients give up after 5 s. */
const TIMEOUT = 1_500;
/**
 * A server that did not answer twice in a row is not asked again for this long: offline, a client shall hear "no such name" at once.
 */
const PENALTY = 15_000;
const PATIENCE = 2;

/** Asks other name servers, each in turn until one answers. */
export class DnsForwarder {
  readonly #clock: Clock;
  readonly #servers: readonly string[];
  readonly #silence = new Map<string, { failures: number; until: number }>();

  constructor(clock: Clock, servers: readonly string[]) {
    this.#clock = clock;
    this.#servers = servers;
  }

  /** The answer to a query as it came, or undefined when there is nobody to ask or nobody answered. */
  async ask(message: Uint8Array, transport: 'udp' | 'tcp'): Promise<Uint8Array | undefined> {
    for (const server of this.#servers) {
      const { failures, until } = this.#silence.get(server) ?? { failures: 0, until: 0 };
      if (failures >= PATIENCE && until > this.#clock.now()) continue;
      const answer = transport === 'udp' ? await this.#askUdp(server, message) : await this.#askTcp(server, message);
      if (answer) {
        this.#silence.delete(server);
        return answer;
      }
      this.#silence.set(server, { failures: failures + 1, until: this.#clock.now() + PENALTY });
    }
    return undefined;
  }

  #askUdp(server: string, message: Uint8Array): Promise<Uint8Array | undefined> {
    return new Promise((resolve) => {
      const socket = createSocket('udp4');
      const finish = (answer?: Uint8Array) => {
        timer.dispose();
        socket.removeAllListeners('message');
        socket.close();
        resolve(answer);
      };
      const timer = this.#clock.after(TIMEOUT, () => finish());
      socket.once('error', () => finish());
      socket.once('message', (answer) => finish(answer));
      socket.send(message, 53, server, (error) => error && finish());
    });
  }

  #askTcp(server: string, message: Uint8Array): Promise<Uint8Array | undefined> {
    return new Promise((resolve) => {
      const socket = connect(53, server, () => socket.write(frame(message)));
      const finish = (answer?: Uint8Array) => {
        timer.dispose();
        socket.destroy();
        resolve(answer);
      };
      const timer = this.#clock.after(TIMEOUT, () => finish());
      socket.once('error', () => finish());
      socket.once('close', () => finish());
      frames(socket, (answer) => finish(answer));
    });
  }
}
