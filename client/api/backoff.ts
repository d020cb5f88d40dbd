const FIRST = 250;
const LONGEST = 5000;

/** How long to wait before the next attempt: twice as long each time up to five seconds, with some randomness so that pages spread. */
export class Backoff {
  #attempt = 0;

  /** Milliseconds until the next attempt. */
  next(random: () => number = Math.random): number {
    const whole = Math.min(LONGEST, FIRST * 2 ** this.#attempt);
    this.#attempt++;
    return whole * (0.75 + random() * 0.25);
  }

  /** It worked: the next failure begins from the start. */
  reset(): void {
    this.#attempt = 0;
  }
}
