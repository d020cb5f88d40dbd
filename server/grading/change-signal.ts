import type { Clock, Disposable } from '../clock/clock.ts';
import type { GradingCluster } from './grading-cluster.ts';

/** Remembers that a cluster changed, so that a change between two waits is not missed. */
export class ChangeSignal implements Disposable {
  readonly #clock: Clock;
  readonly #subscription: Disposable;
  #changed = false;
  #wake: (() => void) | undefined;
  /** When the cluster last changed, in milliseconds of the clock. */
  lastAt = Number.NEGATIVE_INFINITY;

  constructor(cluster: GradingCluster, clock: Clock) {
    this.#clock = clock;
    this.#subscription = cluster.onChange(() => {
      this.#changed = true;
      this.lastAt = clock.now();
      this.#wake?.();
    });
  }

  /** Forgets changes up to now. */
  reset(): void {
    this.#changed = false;
  }

  /** Resolves at the next change, after `milliseconds` or when aborted. */
  async next(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
    if (this.#changed || signal?.aborted) return;
    await new Promise<void>((resolve) => {
      const finish = () => {
        timer.dispose();
        signal?.removeEventListener('abort', finish);
        resolve();
      };
      const timer = this.#clock.after(milliseconds, finish);
      this.#wake = finish;
      signal?.addEventListener('abort', finish);
    });
    this.#wake = undefined;
  }

  dispose(): void {
    this.#subscription.dispose();
  }
}
