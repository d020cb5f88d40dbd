/** Something that can be ended: a timer, a watch, a listener. Disposing twice is harmless. */
export interface Disposable {
  dispose(): void;
}

/**
 * Where time comes from. The orchestrator and grading never ask the machine for the time or a timer themselves, so that tests and
 * embedded clusters can run in virtual time.
 */
export interface Clock {
  /** Milliseconds since the epoch; may have a fraction. */
  now(): number;
  /** RFC 3339 in UTC with exactly nine fractional digits, so that timestamps compare as strings. */
  timestamp(): string;
  /** Calls back once after `milliseconds` (at the earliest in the next turn, even for 0), unless disposed before. */
  after(milliseconds: number, callback: () => void): Disposable;
  /** Says that something is at work that takes no time of this clock: until it is disposed, virtual time stands still. */
  hold(): Disposable;
}

/** Formats milliseconds since the epoch as RFC 3339 in UTC with nine fractional digits. */
export function formatTimestamp(milliseconds: number): string {
  const whole = Math.floor(milliseconds);
  const nanoseconds = Math.floor((milliseconds - whole) * 1e6);
  const seconds = new Date(whole).toISOString().slice(0, 23);
  return `${seconds}${String(nanoseconds).padStart(6, '0')}Z`;
}

/** Milliseconds since the epoch of an RFC 3339 timestamp with any number of fractional digits; NaN if it is none. */
export function parseTimestamp(timestamp: string): number {
  const match = /^(.*?)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/.exec(timestamp);
  if (!match) return Number.NaN;
  return Date.parse(`${match[1]}${match[3]}`) + Number(`0.${match[2] ?? 0}`) * 1000;
}

/** A promise that resolves after `milliseconds` of the clock's time, or when the signal is aborted. */
export function sleep(clock: Clock, milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const over = () => {
      timer.dispose();
      signal?.removeEventListener('abort', over);
      resolve();
    };
    const timer = clock.after(milliseconds, over);
    signal?.addEventListener('abort', over);
  });
}
