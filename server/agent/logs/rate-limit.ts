import type { Clock } from '../../clock/clock.ts';
import { sleep } from '../../clock/clock.ts';

/** Bytes a second that one task's log may send, and at once after some quiet: SwarmKit's limit. */
const BYTES_PER_SECOND = 10 * 1024 * 1024;

/** Slows one task's log down to what a node may send, so that one that writes without end does not drown the others. */
export class RateLimit {
  readonly #clock: Clock;
  #available = BYTES_PER_SECOND;
  #refilledAt: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#refilledAt = clock.now();
  }

  /** Resolves when `bytes` may be sent. */
  async take(bytes: number): Promise<void> {
    const now = this.#clock.now();
    const gained = ((now - this.#refilledAt) * BYTES_PER_SECOND) / 1000;
    this.#available = Math.min(this.#available + gained, BYTES_PER_SECOND) - bytes;
    this.#refilledAt = now;
    if (this.#available < 0) await sleep(this.#clock, (-this.#available * 1000) / BYTES_PER_SECOND);
  }
}
