import type { Clock, Disposable } from '../../clock/clock.ts';
import type { EngineEvent } from '../engine.ts';

/** Events kept for `since`. */
const HISTORY_LIMIT = 1_000;

/** The engine's events: those of the last while, and whoever listens for more. */
export class EventLog {
  readonly #clock: Clock;
  readonly #history: EngineEvent[] = [];
  readonly #listeners = new Set<(event: EngineEvent) => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  emit(Type: string, Action: string, ID: string, Attributes: Record<string, string>): void {
    const event = { Type, Action, Actor: { ID, Attributes }, timeNano: Math.round(this.#clock.now() * 1e6) };
    this.#history.push(event);
    if (this.#history.length > HISTORY_LIMIT) this.#history.shift();
    for (const listener of [...this.#listeners]) listener(event);
  }

  /** The events of the past from a time (nanoseconds) on. */
  since(timeNano: number): EngineEvent[] {
    return this.#history.filter((event) => event.timeNano >= timeNano);
  }

  /** Calls back at each event, until disposed. */
  listen(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  /** Events from now on, in order, until the signal. */
  async *follow(signal: AbortSignal): AsyncGenerator<EngineEvent> {
    const queue: EngineEvent[] = [];
    let wake = () => {};
    const listener = (event: EngineEvent) => {
      queue.push(event);
      wake();
    };
    const onAbort = () => wake();
    this.#listeners.add(listener);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      while (!signal.aborted) {
        const event = queue.shift();
        if (event !== undefined) yield event;
        else
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
      }
    } finally {
      this.#listeners.delete(listener);
      signal.removeEventListener('abort', onAbort);
    }
  }
}
