import { type Clock, type Disposable, formatTimestamp } from './clock.ts';

interface VirtualTimer {
  due: number;
  order: number;
  callback: () => void;
}

/** Lets promises that are already settled run on, as often as it takes for a chain of them to come to rest. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}

/**
 * Time that stands still until `advance` moves it. Timers fire in the order of their due times (then of their making), and between
 * two timers everything asynchronous that they started is let run, so a test sees the same order of events every time.
 */
export class VirtualClock implements Clock {
  #now: number;
  #order = 0;
  #timers: VirtualTimer[] = [];
  #held = 0;
  readonly #listeners = new Set<() => void>();

  constructor(start = Date.UTC(2026, 0, 1)) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  timestamp(): string {
    return formatTimestamp(this.#now);
  }

  after(milliseconds: number, callback: () => void): Disposable {
    const timer = { due: this.#now + Math.max(0, milliseconds), order: this.#order++, callback };
    this.#timers.splice(this.#placeFor(timer.due), 0, timer);
    this.#changed();
    return {
      dispose: () => {
        const index = this.#timers.indexOf(timer);
        if (index >= 0) this.#timers.splice(index, 1);
      },
    };
  }

  hold(): Disposable {
    this.#held++;
    this.#changed();
    let held = true;
    return {
      dispose: () => {
        if (!held) return;
        held = false;
        this.#held--;
        this.#changed();
      },
    };
  }

  /** Whether something is at work that takes no time. */
  get held(): boolean {
    return this.#held > 0;
  }

  /** Calls back whenever a timer is set or a hold begins or ends, until disposed. */
  onChange(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  /** Jumps to the next timer and fires it, and nothing else; false when none is waiting. */
  step(): boolean {
    const next = this.#timers.shift();
    if (next === undefined) return false;
    this.#now = Math.max(this.#now, next.due);
    next.callback();
    return true;
  }

  /** Milliseconds until the next timer is due, or undefined when none is waiting. */
  untilNext(): number | undefined {
    const next = this.#timers[0];
    return next === undefined ? undefined : Math.max(0, next.due - this.#now);
  }

  /** Moves time forward by `milliseconds`, firing every timer that comes due, each at its own time. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    await this.#rest();
    for (let next = this.#timers[0]; next !== undefined && next.due <= end; next = this.#timers[0]) {
      this.#timers.shift();
      this.#now = Math.max(this.#now, next.due);
      next.callback();
      await this.#rest();
    }
    this.#now = end;
  }

  /** Advances until `condition` holds, timer by timer; throws when `limit` milliseconds were not enough. */
  async advanceUntil(condition: () => boolean, limit = 120_000): Promise<void> {
    const end = this.#now + limit;
    await this.#rest();
    while (!condition()) {
      const wait = this.untilNext();
      if (wait === undefined || this.#now + wait > end)
        throw new Error(`not reached within ${limit} ms of virtual time`);
      await this.advance(wait);
    }
  }

  /** Until nothing moves any more but by the passing of time. */
  async #rest(): Promise<void> {
    await settle();
    while (this.#held > 0) await settle();
  }

  /** Behind every timer that is due no later. */
  #placeFor(due: number): number {
    let low = 0;
    let high = this.#timers.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#timers[middle]?.due ?? 0) > due) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
