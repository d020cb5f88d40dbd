import type { Disposable } from '../../clock/clock.ts';
import type { Service, Task } from '../model/objects.ts';
import { compareStates } from '../model/task-state.ts';
import type { DelayedStart } from '../restart/delayed-start.ts';
import { raiseDesiredState, wantsToRun } from '../services/desired-state.ts';
import { newTask, placeLike } from '../services/new-task.ts';
import { slotKey, type WriteTransaction } from '../store/store.ts';
import type { UpdaterContext } from './updater-context.ts';

export interface SlotReplacementOptions extends UpdaterContext {
  service: Service;
  startFirst: boolean;
  isDirty: (task: Task) => boolean;
  onCreated: (taskId: string) => void;
  /** The new task came up, or never will. */
  onUp: (taskId: string) => void;
  onDone: () => void;
}

/**
 * Brings one slot to the service's spec: keeps a task that is already as it should be and ends the others, or makes a new one and
 * ends the old ones before (stop-first) or after it runs (start-first). There is no limit to how long that may take.
 */
export class SlotReplacement implements Disposable {
  readonly #options: SlotReplacementOptions;
  #old: readonly Task[] = [];
  #awaited: string | undefined;
  #cameUp: Task | undefined;
  #started = false;
  #disposed = false;
  #onStart: Disposable | undefined;

  constructor(options: SlotReplacementOptions) {
    this.#options = options;
  }

  /**
   * Begins. `member` is any task of the slot; the slot is looked at as it is now, since its tasks may have been restarted while the
   * update was busy with others. A slot that nothing stands for any more is left to the orchestrator.
   */
  run(member: Task): void {
    const { store, restarts, service, isDirty, onDone } = this.#options;
    const current = store.services.get(service.ID);
    const tasks = current === undefined ? [] : restarts.updatableTasks(store.tasksOfSlot(slotKey(member)), current);
    const clean = tasks.filter((task) => wantsToRun(task) && !isDirty(task));
    const keep = clean.find((task) => task.DesiredState === 'running') ?? clean.at(-1);
    if (keep !== undefined) this.#keep(keep, tasks);
    else if (tasks.length > 0) this.#replace(member, tasks);
    else onDone();
  }

  /** Sees a task of the service that was changed or removed. */
  observe(task: Task, removed: boolean): void {
    if (this.#disposed || task.ID !== this.#awaited) return;
    if (!removed && compareStates(task.Status.State, 'running') < 0) return;
    this.#cameUp = task;
    this.#advance();
  }

  dispose(): void {
    this.#disposed = true;
    this.#onStart?.dispose();
  }

  #keep(keep: Task, tasks: readonly Task[]): void {
    const { store, restarts } = this.#options;
    const others = tasks.filter((task) => task !== keep && wantsToRun(task));
    if (others.length > 0) store.update((transaction) => shutDown(transaction, others));
    if (keep.DesiredState === 'running') this.#options.onDone();
    else
      this.#whenStarted(restarts.delayStart(keep.ID, { delay: 0, waitFor: others.at(-1) }), () =>
        this.#options.onDone(),
      );
  }

  #replace(member: Task, tasks: readonly Task[]): void {
    const { store, clock, service, restarts, startFirst, onCreated } = this.#options;
    this.#old = tasks;
    const running = tasks.filter(wantsToRun);
    const id = this.#options.newId();
    onCreated(id);
    this.#awaited = id;
    store.update((transaction) => {
      if (!startFirst) shutDown(transaction, running);
      const place = placeLike(member, service);
      const timestamp = clock.timestamp();
      transaction.create('tasks', newTask(transaction, service, { id, place, desiredState: 'ready', timestamp }));
    });
    const waitFor = startFirst ? undefined : running.at(-1);
    this.#whenStarted(restarts.delayStart(id, { delay: 0, waitFor }), () => {
      this.#started = true;
      this.#advance();
    });
  }

  /** Done once the new task was told to start and has come up (or never will). */
  #advance(): void {
    const { store, startFirst, onUp, onDone } = this.#options;
    if (!this.#started || this.#cameUp === undefined || this.#disposed) return;
    this.dispose();
    onUp(this.#cameUp.ID);
    if (startFirst && this.#cameUp.Status.State === 'running')
      store.update((transaction) => shutDown(transaction, this.#old));
    onDone();
  }

  #whenStarted(start: DelayedStart, work: () => void): void {
    this.#onStart = start.onEnd(() => {
      if (!this.#disposed) work();
    });
  }
}

function shutDown(transaction: WriteTransaction, tasks: readonly Task[]): void {
  for (const task of tasks) {
    const current = transaction.tasks.get(task.ID);
    if (current !== undefined && wantsToRun(current)) raiseDesiredState(transaction, task.ID, 'shutdown');
  }
}
