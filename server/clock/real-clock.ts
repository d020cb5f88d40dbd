import { type Clock, type Disposable, formatTimestamp } from './clock.ts';

/** Milliseconds that a timer of Node.js can hold (some 25 days); it goes off at once for anything longer. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

/** The machine's own time. Its timers do not keep the process alive unless asked to. */
export class RealClock implements Clock {
  readonly #keepAlive: boolean;

  constructor(options: { keepAlive?: boolean } = {}) {
    this.#keepAlive = options.keepAlive ?? true;
  }

  now(): number {
    return performance.timeOrigin + performance.now();
  }

  timestamp(): string {
    return formatTimestamp(this.now());
  }

  after(milliseconds: number, callback: () => void): Disposable {
    let timer: NodeJS.Timeout;
    const wait = (left: number) => {
      const turn = Math.min(left, LONGEST_TIMEOUT);
      timer = setTimeout(() => (left > turn ? wait(left - turn) : callback()), turn);
      if (!this.#keepAlive) timer.unref();
    };
    wait(milliseconds);
    return { dispose: () => clearTimeout(timer) };
  }

  /** Real time waits for no one. */
  hold(): Disposable {
    return { dispose: () => {} };
  }
}
