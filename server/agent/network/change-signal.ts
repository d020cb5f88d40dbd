import type { Clock } from '../../clock/clock.ts';

export interface Patience {
  clock: Clock;
  /** Milliseconds to wait at most. */
  timeout: number;
  signal?: AbortSignal;
}

/** Lets several wait for something that comes about by changes of any kind. */
export class ChangeSignal {
  readonly #listeners = new Set<() => void>();

  /** Something has changed: everybody who waits looks again. */
  notify(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  /** What `look` finds as soon as it finds something; undefined when it took too long. Rejects when the signal aborts. */
  async until<Result>(
    look: () => Result | undefined,
    { clock, timeout, signal }: Patience,
  ): Promise<Result | undefined> {
    let late = false;
    let wake = () => {};
    const listener = () => wake();
    const timer = clock.after(timeout, () => {
      late = true;
      wake();
    });
    this.#listeners.add(listener);
    signal?.addEventListener('abort', listener);
    try {
      for (;;) {
        signal?.throwIfAborted();
        const found = look();
        if (found !== undefined || late) return found;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    } finally {
      timer.dispose();
      this.#listeners.delete(listener);
      signal?.removeEventListener('abort', listener);
    }
  }
}
