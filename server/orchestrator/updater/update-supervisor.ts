import type { Disposable } from '../../clock/clock.ts';
import type { Service } from '../model/objects.ts';
import { sameSpec } from '../services/same-spec.ts';
import type { StoreEvent } from '../store/store.ts';
import { type UpdatableSlot, Updater } from './updater.ts';
import type { UpdaterContext } from './updater-context.ts';

/** Runs at most one update a service: one towards another spec takes the place of the one that goes on. */
export class UpdateSupervisor implements Disposable {
  readonly #context: UpdaterContext;
  readonly #updates = new Map<string, Updater>();
  /** Services that were asked to be brought to the spec they were on the way to. */
  readonly #askedAgain = new Set<string>();
  readonly #listeners = new Set<(service: Service) => void>();
  #watch: Disposable | undefined;

  constructor(context: UpdaterContext) {
    this.#context = context;
  }

  start(): void {
    this.#watch = this.#context.store.watch((events) => this.#observe(events));
  }

  dispose(): void {
    this.#watch?.dispose();
    for (const update of this.#updates.values()) update.dispose();
    this.#updates.clear();
  }

  /** Brings the slots of the service to its spec, unless that is already going on. */
  update(service: Service, slots: readonly UpdatableSlot[]): void {
    const running = this.#updates.get(service.ID);
    if (running !== undefined) {
      if (sameSpec(running.service.Spec, service.Spec)) {
        this.#askedAgain.add(service.ID);
        return;
      }
      running.dispose();
    }
    this.#askedAgain.delete(service.ID);
    const update = new Updater(this.#context, service, () => this.#ended(update));
    this.#updates.set(service.ID, update);
    update.run(slots);
  }

  /**
   * Calls back when an update has ended during which it was asked for again: slots may have changed since it looked at them, so the
   * service is worth another look.
   */
  onAskedAgain(listener: (service: Service) => void): Disposable {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  #ended(update: Updater): void {
    const { service } = update;
    if (this.#updates.get(service.ID) !== update) return;
    this.#updates.delete(service.ID);
    if (this.#askedAgain.delete(service.ID)) for (const listener of this.#listeners) listener(service);
  }

  #observe(events: readonly StoreEvent[]): void {
    if (this.#updates.size === 0) return;
    for (const event of events) {
      if (event.kind === 'tasks' && event.action !== 'create')
        this.#updates.get(event.object.ServiceID)?.observe(event.object, event.action === 'remove');
      else if (event.kind === 'services' && event.action === 'remove') {
        this.#updates.get(event.object.ID)?.dispose();
        this.#updates.delete(event.object.ID);
        this.#askedAgain.delete(event.object.ID);
      }
    }
  }
}
