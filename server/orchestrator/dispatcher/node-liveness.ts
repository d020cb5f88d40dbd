import type { Clock, Disposable } from '../../clock/clock.ts';

/** Milliseconds by which every heartbeat period is varied at most, either way, so that nodes do not beat in step. */
const JITTER = 500;
/** A node is given up after so many periods without a heartbeat. */
const GRACE = 3;
/** A node nobody has heard of since this manager took over is given so many times that. */
const GRACE_AFTER_TAKEOVER = 2;

export interface NodeLivenessOptions {
  clock: Clock;
  /** The heartbeat period without jitter, in milliseconds. */
  period: () => number;
  /** From 0 to 1. */
  random: () => number;
  onExpired: (nodeId: string, message: string) => void;
}

/** Waits for the heartbeats of the nodes and tells of the ones that stay away. */
export class NodeLiveness implements Disposable {
  readonly #options: NodeLivenessOptions;
  readonly #deadlines = new Map<string, Disposable>();

  constructor(options: NodeLivenessOptions) {
    this.#options = options;
  }

  /** Notes a sign of life and gives the period (milliseconds) after which the next one is expected. */
  beat(nodeId: string): number {
    const period = this.#options.period() + (this.#options.random() * 2 - 1) * JITTER;
    this.#expect(nodeId, period * GRACE, 'heartbeat failure');
    return period;
  }

  /** Begins to wait for a node that was known to the manager before this one. */
  expectAfterTakeover(nodeId: string): void {
    const grace = this.#options.period() * GRACE * GRACE_AFTER_TAKEOVER;
    this.#expect(nodeId, grace, 'heartbeat failure for node in "unknown" state');
  }

  forget(nodeId: string): void {
    this.#deadlines.get(nodeId)?.dispose();
    this.#deadlines.delete(nodeId);
  }

  dispose(): void {
    for (const deadline of this.#deadlines.values()) deadline.dispose();
    this.#deadlines.clear();
  }

  #expect(nodeId: string, milliseconds: number, message: string): void {
    this.forget(nodeId);
    const expired = () => {
      this.#deadlines.delete(nodeId);
      this.#options.onExpired(nodeId, message);
    };
    this.#deadlines.set(nodeId, this.#options.clock.after(milliseconds, expired));
  }
}
