import type { Clock, Disposable } from '../../clock/clock.ts';
import type { Task } from '../model/objects.ts';

/** A replacement never waits longer than this (milliseconds) for the task before it to stop. */
const OLD_TASK_TIMEOUT = 60_000;

export interface DelayedStartOptions {
  clock: Clock;
  /** Milliseconds. */
  delay: number;
  /** The task that has to stop first; undefined when there is nothing to wait for. */
  waitFor: Task | undefined;
  /** Whether there is no reason (any more) to wait for that task. */
  hasStopped: (task: Task) => boolean;
  start: () => void;
}

/**
 * The time between the making of a replacement and its start: first the delay, then until the task before it has stopped, but no more
 * than a minute from the beginning. However it ends (started or cancelled), the listeners are told.
 */
export class DelayedStart implements Disposable {
  readonly #options: DelayedStartOptions;
  readonly #listeners = new Set<() => void>();
  readonly #begun: number;
  #timer: Disposable | undefined;
  #delayOver = false;
  #ended = false;
  /** Set when the replacement itself has to be restarted as soon as the delay is over. */
  restartWhenDone = false;

  constructor(options: DelayedStartOptions) {
    this.#options = options;
    this.#begun = options.clock.now();
    this.#timer = options.clock.after(options.delay, () => {
      this.#delayOver = true;
      this.check();
      if (!this.#ended) this.#timer = options.clock.after(this.#timeLeft(), () => this.#end(true));
    });
  }

  /** Looks again whether the old task has stopped. */
  check(): void {
    if (this.#ended || !this.#delayOver) return;
    const { waitFor, hasStopped } = this.#options;
    if (waitFor === undefined || hasStopped(waitFor)) this.#end(true);
  }

  /** Calls back when the start has happened or was cancelled. */
  onEnd(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  /** Cancels the start; the listeners are told all the same. */
  dispose(): void {
    this.#end(false);
  }

  #timeLeft(): number {
    return Math.max(0, this.#begun + OLD_TASK_TIMEOUT - this.#options.clock.now());
  }

  #end(start: boolean): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#timer?.dispose();
    if (start) this.#options.start();
    for (const listener of [...this.#listeners]) listener();
  }
}
