/** `soon` goes before every `later` that waits. */
export type Urgency = 'soon' | 'later';

/** Lets at most `limit` pieces of work run at a time; the others wait in the order in which they came, the urgent ones first. */
export class Limiter {
  readonly #limit: number;
  readonly #waiting: Record<Urgency, (() => void)[]> = { soon: [], later: [] };
  #running = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Runs `work` when it is its turn. A wait that the signal cuts short rejects with the signal's reason. */
  async run<T>(urgency: Urgency, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#limit) await this.#turn(this.#waiting[urgency], signal);
    else this.#running++;
    try {
      return await work();
    } finally {
      // The place goes straight to the next in line, so that nobody slips in between.
      const next = this.#waiting.soon.shift() ?? this.#waiting.later.shift();
      if (next) next();
      else this.#running--;
    }
  }

  #turn(line: (() => void)[], signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const turn = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        line.splice(line.indexOf(turn), 1);
        reject(signal.reason);
      };
      signal.addEventListener('abort', leave, { once: true });
      line.push(turn);
    });
  }
}
