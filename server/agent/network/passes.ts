import type { Clock, Disposable } from '../../clock/clock.ts';

export interface PassesOptions {
  clock: Clock;
  work: () => Promise<void>;
  /** Milliseconds of rest after a run, for those who are in no hurry. */
  rest: number;
}

interface Waiting {
  promise: Promise<void>;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/**
 * Runs one piece of work again and again, never twice at a time: whoever asks while it runs gets the run after it, together with all
 * others who asked meanwhile.
 */
export class Passes {
  readonly #options: PassesOptions;
  #running = false;
  #waiting: Waiting | undefined;
  #hurried = false;
  #restedAt = 0;
  #timer: Disposable | undefined;

  constructor(options: PassesOptions) {
    this.#options = options;
  }

  /** Resolves or rejects with a run that began after this call, at once if none is going on. */
  request(): Promise<void> {
    this.#hurried = true;
    return this.#enqueue();
  }

  /** The same, but leaves time to rest since the last run: a burst of changes costs a few runs and not one each. */
  requestUnhurried(): Promise<void> {
    return this.#enqueue();
  }

  #enqueue(): Promise<void> {
    this.#waiting ??= newWaiting();
    const { promise } = this.#waiting;
    this.#proceed();
    return promise;
  }

  #proceed(): void {
    if (this.#running || !this.#waiting) return;
    const { clock } = this.#options;
    const rest = this.#hurried ? 0 : this.#restedAt - clock.now();
    if (rest > 0) {
      this.#timer ??= clock.after(rest, () => {
        this.#timer = undefined;
        this.#proceed();
      });
      return;
    }
    this.#timer?.dispose();
    this.#timer = undefined;
    this.#run(this.#waiting);
  }

  async #run(waiting: Waiting): Promise<void> {
    const { clock, work, rest } = this.#options;
    this.#waiting = undefined;
    this.#hurried = false;
    this.#running = true;
    try {
      await work();
      waiting.resolve();
    } catch (error) {
      waiting.reject(error);
    }
    this.#running = false;
    this.#restedAt = clock.now() + rest;
    this.#proceed();
  }
}

function newWaiting(): Waiting {
  let resolve = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<void>((fulfil, fail) => {
    resolve = fulfil;
    reject = fail;
  });
  return { promise, resolve, reject };
}
