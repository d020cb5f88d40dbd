import type { Engine } from '../../engine/engine.ts';

/** Pulls each missing image once for each login, however many tasks of the node wait for it. */
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
   * that Swarm shows. `auth` is what the registry wants to know (`--with-registry-auth`), as the engine takes it. Rejects when the signal aborts; the pull ends with the last task that waits for it.
   */
  async pull(reference: string, options: { auth: string | undefined; signal: AbortSignal }): Promise<void> {
    const { auth, signal } = options;
    signal.throwIfAborted();
    const key = `${auth ?? ''} ${reference}`;
    const pull = this.#pulls.get(key) ?? this.#start(key, reference, auth);
    pull.waiting++;
    try {
      await Promise.race([pull.done, aborted(signal)]);
    } finally {
      pull.waiting--;
      if (pull.waiting === 0) pull.abort.abort();
    }
  }

  #start(
    key: string,
    reference: string,
    auth: string | undefined,
  ): { done: Promise<void>; waiting: number; abort: AbortController } {
    const abort = new AbortController();
    const done = this.#engine
      .pullImage(reference, { ...(auth !== undefined && { auth }), signal: abort.signal })
      .catch((error: unknown) => {
        if (!abort.signal.aborted) {
          this.#log(`pulling ${reference} failed: ${error instanceof Error ? error.message : String(error)}`);
        }
      })
      .finally(() => this.#pulls.delete(key));
    const pull = { done, waiting: 0, abort };
    this.#pulls.set(key, pull);
    return pull;
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
