import type { Clock, Disposable } from '../../clock/clock.ts';

/** How often a manager that does not answer is tried again (ms). */
const RETRY = 1_000;

export interface PendingJoinOptions {
  clock: Clock;
  /** Tries to join; says whether there is nothing more to try. */
  attempt: () => boolean;
}

/** A join that nobody has answered yet: goes on trying until it is answered or given up. */
export class PendingJoin implements Disposable {
  readonly #options: PendingJoinOptions;
  #timer: Disposable | undefined;

  constructor(options: PendingJoinOptions) {
    this.#options = options;
    this.#wait();
  }

  dispose(): void {
    this.#timer?.dispose();
  }

  #wait(): void {
    this.#timer = this.#options.clock.after(RETRY, () => {
      if (!this.#options.attempt()) this.#wait();
    });
  }
}
