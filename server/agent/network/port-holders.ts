import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import type { PublishedPortState } from '../../orchestrator/dispatcher/protocol.ts';

type Protocol = PublishedPortState['protocol'];

/** A port on all of the node's addresses, taken so that no one else gets it. */
interface Holder {
  release(): Promise<void>;
}

/** Takes a port; rejects when somebody else has it. Injected by tests. */
export type HoldPort = (protocol: Protocol, port: number) => Promise<Holder>;

/**
 * Holds the ports that are published in the cluster, as dockerd does: the mesh answers on them before any socket is asked, but
 * `docker run -p` of the same port is refused.
 */
export class PortHolders {
  readonly #hold: HoldPort;
  readonly #log: (message: string) => void;
  readonly #held = new Map<string, Holder>();
  /** Told once, tried again with every change. */
  readonly #taken = new Set<string>();

  constructor(log: (message: string) => void, hold: HoldPort = holdPort) {
    this.#hold = hold;
    this.#log = log;
  }

  /** Lets go of every port that is not among these; done before its rule goes, so that nobody talks to the holder itself. */
  async releaseAllBut(ports: readonly PublishedPortState[]): Promise<void> {
    const wanted = new Set(ports.map(keyOf));
    for (const [key, holder] of [...this.#held]) {
      if (wanted.has(key)) continue;
      this.#held.delete(key);
      await holder.release();
    }
    for (const key of this.#taken) if (!wanted.has(key)) this.#taken.delete(key);
  }

  /** Takes the ports that are not held yet. A port that somebody else has is left to them: the mesh answers on it all the same. */
  async hold(ports: readonly PublishedPortState[]): Promise<void> {
    for (const port of ports) {
      const key = keyOf(port);
      if (this.#held.has(key)) continue;
      try {
        this.#held.set(key, await this.#hold(port.protocol, port.publishedPort));
        this.#taken.delete(key);
      } catch (error) {
        if (this.#taken.has(key)) continue;
        this.#taken.add(key);
        this.#log(
          `port ${key} of service ${port.serviceName}: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    }
  }
}

function keyOf({ publishedPort, protocol }: PublishedPortState): string {
  return `${publishedPort}/${protocol}`;
}

const holdPort: HoldPort = (protocol, port) => {
  if (protocol === 'tcp') return holdTcp(port);
  if (protocol === 'udp') return holdUdp(port);
  // Node has no SCTP sockets; the rules alone carry it.
  return Promise.resolve({ release: async () => {} });
};

/** IPv4 alone, as the mesh: a client that tries IPv6 first is refused at once and goes on with IPv4. */
function holdTcp(port: number): Promise<Holder> {
  const server = createServer((socket) => socket.resetAndDestroy());
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: '0.0.0.0' }, () => {
      resolve({ release: () => new Promise((released) => server.close(() => released())) });
    });
  });
}

function holdUdp(port: number): Promise<Holder> {
  const socket = createSocket('udp4');
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.bind({ port, address: '0.0.0.0' }, () => {
      resolve({ release: () => new Promise((released) => socket.close(() => released())) });
    });
  });
}
