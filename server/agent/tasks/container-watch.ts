import type { Disposable } from '../../clock/clock.ts';
import { type ContainerInspect, type Engine, EngineError } from '../../engine/engine.ts';
import type { ContainerChange, ContainerEvents } from './container-events.ts';

/** How a container ended. */
export type Ending =
  /** `error` is the engine's own word for why, where it has one. */
  { kind: 'exited'; exitCode: number; error: string } | { kind: 'destroyed' };

/**
 * What is known of one task's container from the engine's events, and from looking after it when events may have been missed.
 */
export class ContainerWatch {
  ending: Ending | undefined;
  health: 'starting' | 'healthy' | 'unhealthy' | undefined;
  readonly #engine: Engine;
  readonly #name: string;
  readonly #subscription: Disposable;
  #wake: () => void = () => {};

  constructor(options: { engine: Engine; events: ContainerEvents; taskId: string; name: string }) {
    this.#engine = options.engine;
    this.#name = options.name;
    this.#subscription = options.events.listen(options.taskId, (change) => this.#take(change));
  }

  /** Resolves when something about the container has changed; rejects when the signal aborts. */
  changed(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const abort = () => reject(signal.reason);
      signal.addEventListener('abort', abort, { once: true });
      this.#wake = () => {
        signal.removeEventListener('abort', abort);
        resolve();
      };
    });
  }

  /** Takes what an inspection says; `undefined` says that there is no such container. */
  observe(container: ContainerInspect | undefined): void {
    if (container === undefined) this.ending = { kind: 'destroyed' };
    else {
      const { Status, Running, ExitCode, Error: error, Health: health } = container.State;
      if (!Running && Status !== 'created') this.ending = { kind: 'exited', exitCode: ExitCode, error };
      this.health = health === undefined || health.Status === 'none' ? undefined : health.Status;
    }
    this.#wake();
  }

  close(): void {
    this.#subscription.dispose();
    this.#wake();
  }

  #take(change: ContainerChange): void {
    if (change.kind === 'lost') {
      void this.#look();
      return;
    }
    const { Action: action, Actor: actor } = change.event;
    if (action === 'die') {
      this.ending = { kind: 'exited', exitCode: Number(actor.Attributes.exitCode ?? 0), error: '' };
    } else if (action === 'destroy') this.ending ??= { kind: 'destroyed' };
    else if (action === 'health_status: healthy') this.health = 'healthy';
    else if (action === 'health_status: unhealthy') this.health = 'unhealthy';
    else return;
    this.#wake();
  }

  async #look(): Promise<void> {
    try {
      this.observe(await this.#engine.inspectContainer(this.#name));
    } catch (error) {
      // An engine that does not answer will give its events anew, and then this is asked again.
      if (error instanceof EngineError && error.status === 404) this.observe(undefined);
    }
  }
}
