import type { Disposable } from '../../clock/clock.ts';
import type { Service, Task } from '../model/objects.ts';
import { hasEnded } from '../services/desired-state.ts';
import { isTaskDirty } from '../services/task-dirty.ts';
import { SlotReplacement } from './slot-replacement.ts';
import { policyOf, type UpdatePolicy } from './update-policy.ts';
import { markCompleted, markPaused, markStarted, rollBack } from './update-status.ts';
import type { UpdaterContext } from './updater-context.ts';

/** The tasks that stand for one slot (or node, for a global service). */
export interface UpdatableSlot {
  readonly tasks: readonly Task[];
}

/**
 * One run of an update or rollback towards one spec: brings slot after slot to it, so many at a time, and watches whether the tasks
 * it made stay up. It ends by completing, by pausing, by starting a rollback (which is another run), or by being disposed.
 */
export class Updater implements Disposable {
  readonly service: Service;
  readonly #context: UpdaterContext;
  readonly #policy: UpdatePolicy;
  readonly #onEnd: () => void;
  /** A task of each slot that is still to be replaced. */
  readonly #queue: Task[] = [];
  readonly #replacing = new Set<SlotReplacement>();
  readonly #timers = new Set<Disposable>();
  /** Tasks made by this run, and when they were seen to have come up. */
  readonly #created = new Map<string, number | undefined>();
  readonly #failed = new Set<string>();
  #dirtySlots = 0;
  #workers = 0;
  #monitoring = false;
  /** Set when the update must not be completed any more. */
  #stopped = false;
  #ended = false;

  constructor(context: UpdaterContext, service: Service, onEnd: () => void) {
    this.#context = context;
    this.service = service;
    this.#policy = policyOf(service);
    this.#onEnd = onEnd;
  }

  /** Begins; `slots` are all slots of the service that shall remain. */
  run(slots: readonly UpdatableSlot[]): void {
    const { store, clock } = this.#context;
    const status = this.service.UpdateStatus?.State;
    const isPaused = status === 'paused' || status === 'rollback_paused';
    if (!isPaused) this.#queue.push(...slots.flatMap((slot) => (this.#isDirty(slot) ? slot.tasks.slice(0, 1) : [])));
    this.#dirtySlots = this.#queue.length;
    if (this.#dirtySlots === 0) {
      this.#end();
      if (status === 'updating' || status === 'rollback_started')
        markCompleted(store, this.service.ID, clock.timestamp());
      return;
    }
    if (status === undefined) markStarted(store, this.service.ID, clock.timestamp());
    this.#workers = Math.min(this.#policy.parallelism, this.#dirtySlots);
    for (let worker = this.#workers; worker > 0; worker--) this.#takeSlot();
  }

  /** Sees a task of the service that was changed or removed. */
  observe(task: Task, removed: boolean): void {
    for (const replacement of [...this.#replacing]) replacement.observe(task, removed);
    if (hasEnded(task) && !removed) this.#countFailure(task);
  }

  /** Abandons the update where it is; what was told to start still starts. */
  dispose(): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const timer of this.#timers) timer.dispose();
    for (const replacement of this.#replacing) replacement.dispose();
  }

  #isDirty(slot: UpdatableSlot): boolean {
    const [only, ...more] = slot.tasks;
    return only !== undefined && (more.length > 0 || this.#isTaskDirty(only));
  }

  #isTaskDirty(task: Task): boolean {
    return isTaskDirty(this.service, task, this.#context.store.nodes.get(task.NodeID ?? ''));
  }

  /** What a worker does when it is free: the next slot, or nothing more. The last one to finish begins the monitoring. */
  #takeSlot(): void {
    if (this.#ended) return;
    const member = this.#queue.shift();
    if (member === undefined) {
      this.#workers--;
      if (this.#workers === 0) this.#finishSlots();
      return;
    }
    const replacement = new SlotReplacement({
      ...this.#context,
      service: this.service,
      startFirst: this.#policy.startFirst,
      isDirty: (task) => this.#isTaskDirty(task),
      onCreated: (taskId) => this.#created.set(taskId, undefined),
      onUp: (taskId) => this.#created.set(taskId, this.#context.clock.now()),
      onDone: () => {
        this.#replacing.delete(replacement);
        this.#after(this.#policy.delay, () => this.#takeSlot());
      },
    });
    this.#replacing.add(replacement);
    replacement.run(member);
  }

  #finishSlots(): void {
    if (this.#stopped) {
      this.#end();
      return;
    }
    this.#monitoring = true;
    this.#after(this.#policy.monitor, () => this.#complete());
  }

  #complete(): void {
    if (this.#ended) return;
    this.#end();
    markCompleted(this.#context.store, this.service.ID, this.#context.clock.timestamp());
  }

  #countFailure(task: Task): void {
    const { failureAction, monitor, maxFailureRatio } = this.#policy;
    if (this.#ended || this.#stopped || failureAction === 'continue') return;
    if (!this.#created.has(task.ID) || this.#failed.has(task.ID)) return;
    const upSince = this.#created.get(task.ID);
    if (upSince !== undefined && this.#context.clock.now() - upSince > monitor) return;
    this.#failed.add(task.ID);
    if (this.#failed.size / this.#dirtySlots > maxFailureRatio) this.#actOnFailure(task.ID);
  }

  #actOnFailure(taskId: string): void {
    const { store } = this.#context;
    const because = `due to failure or early termination of task ${taskId}`;
    this.#queue.length = 0;
    if (this.#policy.failureAction === 'pause') {
      this.#stopped = true;
      markPaused(store, this.service.ID, `update paused ${because}`);
    } else if (this.service.UpdateStatus?.State === 'rollback_started') {
      // Swarm does not roll back a rollback but goes on to complete it, although it has just told that it paused.
      markPaused(store, this.service.ID, `rollback paused ${because}`);
      if (this.#monitoring) this.#complete();
    } else {
      this.#stopped = true;
      rollBack(store, this.service.ID, `update rolled back ${because}`);
    }
    if (this.#monitoring && this.#stopped) this.#end();
  }

  #after(milliseconds: number, work: () => void): void {
    const timer = this.#context.clock.after(milliseconds, () => {
      this.#timers.delete(timer);
      work();
    });
    this.#timers.add(timer);
  }

  #end(): void {
    this.dispose();
    this.#onEnd();
  }
}
