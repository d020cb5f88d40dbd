import { type Clock, type Disposable, parseTimestamp } from '../../clock/clock.ts';
import { newId } from '../model/ids.ts';
import type { Service, Task } from '../model/objects.ts';
import { compareStates } from '../model/task-state.ts';
import { hasEnded, raiseDesiredState, statusTime, wantsToRun } from '../services/desired-state.ts';
import { newTask, placeLike } from '../services/new-task.ts';
import { isJob } from '../services/service-mode.ts';
import type { Store, StoreEvent, WriteTransaction } from '../store/store.ts';
import { DelayedStart } from './delayed-start.ts';
import { RestartHistory } from './restart-history.ts';

/** Milliseconds before a replacement starts, where the restart policy names no delay. */
const DEFAULT_RESTART_DELAY = 5_000;

export interface RestartSupervisorOptions {
  store: Store;
  clock: Clock;
  /** Makes IDs of new tasks. */
  newId?: () => string;
}

/**
 * Replaces tasks that ended or cannot stay where they are, as their restart policy says: the replacement is made at once in desired
 * state READY, so that its node can pull the image and create the container, and is told to run when its delay is over.
 */
export class RestartSupervisor implements Disposable {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #newId: () => string;
  readonly #history = new RestartHistory();
  readonly #delays = new Map<string, DelayedStart>();
  #watch: Disposable | undefined;

  constructor(options: RestartSupervisorOptions) {
    this.#store = options.store;
    this.#clock = options.clock;
    this.#newId = options.newId ?? newId;
  }

  start(): void {
    this.#watch = this.#store.watch((events) => this.#observe(events));
  }

  dispose(): void {
    this.#watch?.dispose();
    for (const delay of [...this.#delays.values()]) {
      delay.restartWhenDone = false;
      delay.dispose();
    }
  }

  /**
   * Ends `task` and, if its policy wants it, makes its replacement. A task whose own delayed start is still pending is restarted only
   * when that is over, which is what paces a task that fails at once.
   */
  restart(transaction: WriteTransaction, task: Task): void {
    const pending = this.#delays.get(task.ID);
    if (pending !== undefined) {
      pending.restartWhenDone = true;
      return;
    }
    const service = transaction.services.get(task.ServiceID);
    if (service === undefined || compareStates(task.DesiredState, 'complete') > 0) return;
    const old = transaction.update('tasks', { ...task, DesiredState: 'shutdown' });
    if (!this.shouldRestart(old, service)) return;

    const replacement = transaction.create(
      'tasks',
      newTask(transaction, service, {
        id: this.#newId(),
        place: placeLike(old, service),
        desiredState: 'ready',
        timestamp: this.#clock.timestamp(),
      }),
    );
    this.#history.record(replacement);
    const node = transaction.nodes.get(old.NodeID ?? '');
    const delay = node?.Spec.Availability === 'drain' ? 0 : restartDelay(old);
    const wait = node?.Status.State !== 'down' && !hasEnded(old);
    this.delayStart(replacement.ID, { delay, waitFor: wait ? old : undefined });
  }

  /** Whether the restart policy of `task` wants it to be replaced now that it has ended or has to go. */
  shouldRestart(task: Task, service: Service): boolean {
    const condition = task.Spec.RestartPolicy?.Condition ?? 'any';
    if (condition === 'none') return false;
    if (task.Status.State === 'complete' && (condition === 'on-failure' || isJob(service))) return false;
    return this.#history.allows(task, service);
  }

  /**
   * The tasks that stand for a slot (`tasks`: all of it): those meant to run; or if there is none and no rollback goes on, the newest
   * one when its restart policy leaves it as it ended. An empty answer means that the slot is dead.
   */
  updatableTasks(tasks: readonly Task[], service: Service): Task[] {
    const running = tasks.filter(wantsToRun);
    if (running.length > 0 || service.UpdateStatus?.State === 'rollback_started') return running;
    let newest: Task | undefined;
    for (const task of tasks) {
      if (task.DesiredState === 'remove') continue;
      if (newest === undefined || statusTime(newest) < statusTime(task)) newest = task;
    }
    return newest === undefined || this.shouldRestart(newest, service) ? [] : [newest];
  }

  /**
   * Tells a task in desired state READY to run after `delay` milliseconds and after `waitFor` has stopped. An earlier pending start of
   * the same task is cancelled.
   */
  delayStart(taskId: string, options: { delay: number; waitFor: Task | undefined }): DelayedStart {
    this.cancel(taskId);
    const delayed = new DelayedStart({
      clock: this.#clock,
      delay: options.delay,
      waitFor: options.waitFor,
      hasStopped: (task) => this.#hasStopped(task),
      start: () => this.#store.update((transaction) => this.startNow(transaction, taskId)),
    });
    this.#delays.set(taskId, delayed);
    delayed.onEnd(() => {
      this.#delays.delete(taskId);
      if (delayed.restartWhenDone) this.#restartStored(taskId);
    });
    return delayed;
  }

  /** Tells a task to run (a job's task: to complete) if it is not told so already. */
  startNow(transaction: WriteTransaction, taskId: string): void {
    const task = transaction.tasks.get(taskId);
    const service = transaction.services.get(task?.ServiceID ?? '');
    if (service === undefined) return;
    raiseDesiredState(transaction, taskId, isJob(service) ? 'complete' : 'running');
  }

  /** Cancels the pending start of a task, if there is one. */
  cancel(taskId: string): void {
    this.#delays.get(taskId)?.dispose();
  }

  forgetService(serviceId: string): void {
    this.#history.forgetService(serviceId);
  }

  /** Restarts of the slot of a task and the limit its policy sets. */
  restarts(taskId: string): { done: number; limit: number | undefined } {
    const task = this.#store.tasks.get(taskId);
    return task === undefined ? { done: 0, limit: undefined } : this.#history.restarts(task);
  }

  /**
   * Takes up after a restart of the manager what another left behind for the tasks of one slot: which of them count as restarts, and
   * replacements that wait to be started. What is left of a delay counts from the task's last change.
   */
  resume(slot: readonly Task[]): void {
    const version = Math.max(...slot.map((task) => task.specVersion));
    const current = slot.filter((task) => task.specVersion === version);
    current.sort((a, b) => (a.CreatedAt < b.CreatedAt ? -1 : a.CreatedAt > b.CreatedAt ? 1 : 0));
    for (const replacement of current.slice(1)) this.#history.record(replacement);

    for (const task of slot) {
      if (task.DesiredState !== 'ready' || compareStates(task.Status.State, 'complete') > 0) continue;
      const since = this.#clock.now() - parseTimestamp(statusTime(task));
      const delay = Math.min(restartDelay(task), Math.max(0, restartDelay(task) - since));
      const waitFor = slot.find((other) => !wantsToRun(other) && !this.#hasStopped(other));
      this.delayStart(task.ID, { delay, waitFor });
    }
  }

  #restartStored(taskId: string): void {
    const task = this.#store.tasks.get(taskId);
    if (task === undefined || compareStates(task.DesiredState, 'complete') > 0) return;
    this.#store.update((transaction) => this.restart(transaction, task));
  }

  /** Whether nobody has to wait for the task: it ended, it is gone, or its node is down or gone. */
  #hasStopped(task: Task): boolean {
    const current = this.#store.tasks.get(task.ID);
    if (current === undefined || hasEnded(current)) return true;
    if (current.NodeID === undefined) return false;
    const node = this.#store.nodes.get(current.NodeID);
    return node === undefined || node.Status.State === 'down';
  }

  #observe(events: readonly StoreEvent[]): void {
    if (this.#delays.size === 0) return;
    let look = false;
    for (const event of events) {
      if (event.kind === 'nodes') look = true;
      else if (event.kind === 'tasks' && event.action !== 'create') {
        if (event.action === 'remove') this.cancel(event.object.ID);
        if (event.action === 'remove' || hasEnded(event.object)) look = true;
      }
    }
    if (look) for (const delay of [...this.#delays.values()]) delay.check();
  }
}

/** Milliseconds that the policy of `task` puts between its end and its replacement's start. */
function restartDelay(task: Task): number {
  const delay = task.Spec.RestartPolicy?.Delay;
  return delay === undefined ? DEFAULT_RESTART_DELAY : delay / 1e6;
}
