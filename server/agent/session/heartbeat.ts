import type { Clock, Disposable } from '../../clock/clock.ts';

/** Milliseconds that a manager may take to answer a heartbeat before the connection counts as dead. */
const ANSWER_TIMEOUT = 5_000;

/** Beats as often as the manager asks, and notices when it does not answer any more: a cut cable closes no connection. */
export class Heartbeat {
  readonly #clock: Clock;
  readonly #beat: () => void;
  readonly #unanswered: () => void;
  #timer: Disposable | undefined;

  constructor(options: { clock: Clock; beat: () => void; unanswered: () => void }) {
    this.#clock = options.clock;
    this.#beat = options.beat;
    this.#unanswered = options.unanswered;
  }

  /** The manager has answered (or opened the session) and wants to hear again within `period` milliseconds. */
  expectWithin(period: number): void {
    this.#timer?.dispose();
    this.#timer = this.#clock.after(period, () => {
      this.#timer = this.#clock.after(ANSWER_TIMEOUT, this.#unanswered);
      this.#beat();
    });
  }

  stop(): void {
    this.#timer?.dispose();
  }
}
