import type { Clock } from '../clock/clock.ts';

/** A bucket is forgotten when it has been full for a while; this many are kept at the most. */
const MAX_KEYS = 10_000;

/**
 * So many at once, and so many a minute in the long run, for each key (an address, a session). The classical token bucket.
 */
export class RateLimit {
  readonly #clock: Clock;
  readonly #burst: number;
  readonly #perMinute: number;
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  constructor(clock: Clock, options: { burst: number; perMinute: number }) {
    this.#clock = clock;
    this.#burst = options.burst;
    this.#perMinute = options.perMinute;
  }

  /** Takes one; 0 when it was there, else the seconds until there will be one. */
  take(key: string): number {
    const now = this.#clock.now();
    const last = this.#buckets.get(key) ?? { tokens: this.#burst, at: now };
    const tokens = Math.min(this.#burst, last.tokens + ((now - last.at) / 60_000) * this.#perMinute);
    this.#buckets.delete(key);
    this.#buckets.set(key, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now });
    if (this.#buckets.size > MAX_KEYS) this.#forgetOldest();
    return tokens >= 1 ? 0 : Math.ceil(((1 - tokens) / this.#perMinute) * 60);
  }

  #forgetOldest(): void {
    const [oldest] = this.#buckets.keys();
    if (oldest !== undefined) this.#buckets.delete(oldest);
  }
}
