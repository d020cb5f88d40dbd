import type { Engine } from '../../engine/engine.ts';

/** Pulls each missing image once, however many tasks of the node wait for it. */
export class ImagePuller {
  readonly #engine: Engine;
  readonly #log: (message: string) => void;
  readonly #pulls = new Map<string, { done: Promise<void>; waiting: number; abort: AbortController }>();

  constructor(engine: Engine, log: (message: string) => void) {
    this.#engine = engine;
    this.#log = log;
  }

  /**
   * Resolves when the pull has ended, well or not: whether the image is there now, creating the container will tell, in the words
   * that Swarm shows. Rejects when the signal aborts; the pull ends with the last task that waits for it.
   */
  async pull(reference: string, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const pull = this.#pulls.get(reference) ?? this.#start(reference);
    pull.waiting++;
    try {
      await Promise.race([pull.done, aborted(signal)]);
    } finally {
      pull.waiting--;
      if (pull.waiting === 0) pull.abort.abort();
    }
  }

  #start(reference: string): { done: Promise<void>; waiting: number; abort: AbortController } {
    const abort = new AbortController();
    const done = this.#engine
      .pullImage(reference, { signal: abort.signal })
      .catch((error: unknown) => {
        if (!abort.signal.aborted) {
          this.#log(`pulling ${reference} failed: ${error instanceof Error ? error.message : String(error)}`);
        }
      })
      .finally(() => this.#pulls.delete(reference));
    const pull = { done, waiting: 0, abort };
    this.#pulls.set(reference, pull);
    return pull;
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
