import type { Clock } from '../../clock/clock.ts';
import { type Disposable, sleep } from '../../clock/clock.ts';
import type { Engine, EngineEvent } from '../../engine/engine.ts';
import { TASK_ID_LABEL } from './container-name.ts';

/** How soon a stream of events that broke off (the engine restarts) is taken up again. */
const RECONNECT_AFTER = 200;
/** What the engine is given to take a new stream of events up. */
const SETTLE = 50;

/** Something happened to a task's container; `lost` is anything that may have happened while no events came. */
export type ContainerChange = { kind: 'event'; event: EngineEvent } | { kind: 'lost' };

type Listener = (change: ContainerChange) => void;

/** One stream of the engine's events for all the tasks of a node. */
export class ContainerEvents {
  readonly #engine: Engine;
  readonly #clock: Clock;
  readonly #log: (message: string) => void;
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #closed = new AbortController();

  constructor(engine: Engine, clock: Clock, log: (message: string) => void) {
    this.#engine = engine;
    this.#clock = clock;
    this.#log = log;
  }

  start(): void {
    void this.#follow();
  }

  close(): void {
    this.#closed.abort();
  }

  /** Hears of everything that happens to the containers of a task. */
  listen(taskId: string, listener: Listener): Disposable {
    const listeners = this.#listeners.get(taskId) ?? new Set();
    this.#listeners.set(taskId, listeners.add(listener));
    return {
      dispose: () => {
        listeners.delete(listener);
        if (listeners.size === 0 && this.#listeners.get(taskId) === listeners) this.#listeners.delete(taskId);
      },
    };
  }

  async #follow(): Promise<void> {
    const { signal } = this.#closed;
    while (!signal.aborted) {
      try {
        await this.#followOnce(signal);
      } catch (error) {
        if (!signal.aborted)
          this.#log(`events of the engine: ${error instanceof Error ? error.message : String(error)}`);
      }
      if (!signal.aborted) await sleep(this.#clock, RECONNECT_AFTER);
    }
  }

  async #followOnce(signal: AbortSignal): Promise<void> {
    const events = this.#engine.events(signal)[Symbol.asyncIterator]();
    let next = events.next();
    // Whoever looks now what happened in between must not miss what happens from here on, so the new stream has to stand first.
    next.catch(() => {});
    await sleep(this.#clock, SETTLE);
    for (const listeners of this.#listeners.values()) for (const listener of listeners) listener({ kind: 'lost' });
    for (let result = await next; !result.done; result = await next) {
      if (result.value.Type === 'container') this.#deliver(result.value);
      next = events.next();
    }
  }

  #deliver(event: EngineEvent): void {
    const taskId = event.Actor.Attributes[TASK_ID_LABEL];
    if (taskId === undefined) return;
    for (const listener of this.#listeners.get(taskId) ?? []) listener({ kind: 'event', event });
  }
}
