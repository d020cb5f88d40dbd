import type { Clock, Disposable } from './clock.ts';

/** Milliseconds: how long it has to be quiet before the work is done, and how long the work is put off at most. */
export interface DebounceTimes {
  quiet: number;
  longest: number;
}

/** Gathers bursts: the work is done once nobody has asked for it for a while, but never later than a limit. */
export class Debouncer implements Disposable {
  readonly #clock: Clock;
  readonly #times: DebounceTimes;
  readonly #work: () => void;
  #timer: Disposable | undefined;
  #first = 0;
  #last = 0;

  constructor(clock: Clock, times: DebounceTimes, work: () => void) {
    this.#clock = clock;
    this.#times = times;
    this.#work = work;
  }

  /** Asks for the work to be done. */
  trigger(): void {
    this.#last = this.#clock.now();
    if (this.#timer !== undefined) return;
    this.#first = this.#last;
    this.#arm(Math.min(this.#times.quiet, this.#times.longest));
  }

  /** Does the work at once if it was asked for. */
  flush(): void {
    if (this.#timer === undefined) return;
    this.dispose();
    this.#work();
  }

  dispose(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
  }

  /** One timer serves a whole burst: when it goes off too early for the last trigger, it is set once more. */
  #arm(wait: number): void {
    this.#timer = this.#clock.after(wait, () => {
      const now = this.#clock.now();
      const due = Math.min(this.#last + this.#times.quiet, this.#first + this.#times.longest);
      if (now < due) {
        this.#arm(due - now);
        return;
      }
      this.#timer = undefined;
      this.#work();
    });
  }
}
