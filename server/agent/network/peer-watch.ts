import { connect } from 'node:net';
import type { Clock, Disposable } from '../../clock/clock.ts';

/** Milliseconds between two looks at a peer. */
const INTERVAL = 2_000;
/** How long a peer may take to answer. */
const PROBE_TIMEOUT = 1_500;
/** So many times in a row nobody has to answer before the node counts as gone: some six seconds, as long as Swarm's gossip takes. */
const LOST_AFTER = 3;
/** Swarm's gossip port. Nobody listens on it here: that the peer's kernel refuses the connection is answer enough. */
const PROBE_PORT = 7946;

/** Whether a node answers at this address. */
export type Probe = (address: string) => Promise<boolean>;

export interface PeerWatchOptions {
  clock: Clock;
  probe?: Probe;
}

/**
 * Watches whether the other nodes can be reached from this one. The manager takes a node that is gone out of everybody's mesh, but
 * cannot tell the node that is cut off, which has its own tasks only; and it takes three heartbeats to notice.
 */
export class PeerWatch {
  readonly #clock: Clock;
  readonly #probe: Probe;
  /** Address to how often in a row it did not answer. */
  readonly #failures = new Map<string, number>();
  #onChange: () => void = () => {};
  #timer: Disposable | undefined;

  constructor({ clock, probe = probeTcp }: PeerWatchOptions) {
    this.#clock = clock;
    this.#probe = probe;
  }

  /** Calls back whenever a peer is lost or found again. */
  onChange(listener: () => void): void {
    this.#onChange = listener;
  }

  /** Watches these addresses and no others; one that was lost stays lost until it answers. */
  watch(addresses: readonly string[]): void {
    for (const address of this.#failures.keys()) if (!addresses.includes(address)) this.#failures.delete(address);
    for (const address of addresses) if (!this.#failures.has(address)) this.#failures.set(address, 0);
    if (this.#failures.size === 0) this.close();
    else this.#timer ??= this.#clock.after(INTERVAL, () => this.#look());
  }

  /** Addresses of peers that cannot be reached. */
  lost(): string[] {
    return [...this.#failures].flatMap(([address, failures]) => (failures >= LOST_AFTER ? [address] : []));
  }

  /** Stops watching. */
  close(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
  }

  async #look(): Promise<void> {
    const before = this.lost();
    await Promise.all(
      [...this.#failures.keys()].map(async (address) => {
        const answers = await this.#probe(address);
        const failures = this.#failures.get(address);
        if (failures !== undefined) this.#failures.set(address, answers ? 0 : failures + 1);
      }),
    );
    if (this.#timer === undefined) return;
    this.#timer = this.#clock.after(INTERVAL, () => this.#look());
    if (this.lost().join() !== before.join()) this.#onChange();
  }
}

const probeTcp: Probe = (address) =>
  new Promise((resolve) => {
    const socket = connect({ host: address, port: PROBE_PORT, timeout: PROBE_TIMEOUT });
    const finish = (answers: boolean) => {
      socket.destroy();
      resolve(answers);
    };
    socket.once('connect', () => finish(true));
    socket.once('timeout', () => finish(false));
    socket.once('error', (error: NodeJS.ErrnoException) => finish(error.code === 'ECONNREFUSED'));
  });
