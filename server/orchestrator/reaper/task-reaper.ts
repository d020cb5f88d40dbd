import type { Clock, Disposable } from '../../clock/clock.ts';
import type { Service, Task } from '../model/objects.ts';
import { compareStates } from '../model/task-state.ts';
import { hasEnded, statusTime, wantsToRun } from '../services/desired-state.ts';
import { modeOf } from '../services/service-mode.ts';
import { type Store, type StoreEvent, slotKey } from '../store/store.ts';
import type { SwarmPart } from '../swarm-parts.ts';

/** Milliseconds from the first thing to clean up until it is done. */
const BATCH_DELAY = 250;
/** So many things to clean up are not kept waiting. */
const BATCH_SIZE = 1_000;
/** Tasks a slot keeps, the running one included, where the cluster does not say. */
const DEFAULT_HISTORY_LIMIT = 5;

/**
 * Deletes tasks that have been removed, and of each slot's past what is beyond the history limit. That looks at a slot when it gets a
 * new task, not when one ends.
 */
export class TaskReaper implements SwarmPart {
  readonly #store: Store;
  readonly #clock: Clock;
  /** Slots that got a task, by slot key, with one of their tasks. */
  readonly #dirty = new Map<string, Task>();
  readonly #cleanup = new Set<string>();
  #watch: Disposable | undefined;
  #timer: Disposable | undefined;

  constructor(options: { store: Store; clock: Clock }) {
    this.#store = options.store;
    this.#clock = options.clock;
  }

  start(): void {
    this.#watch = this.#store.watch((events) => this.#observe(events));
    for (const task of this.#store.tasks.all()) if (isDone(task)) this.#cleanup.add(task.ID);
    this.#tick();
  }

  dispose(): void {
    this.#watch?.dispose();
    this.#timer?.dispose();
  }

  #observe(events: readonly StoreEvent[]): void {
    for (const event of events) {
      if (event.kind !== 'tasks') continue;
      const task = event.object;
      if (event.action === 'create' && task.ServiceID !== '') this.#dirty.set(slotKey(task), task);
      else if (event.action === 'update' && isDone(task)) this.#cleanup.add(task.ID);
      else if (event.action === 'remove') this.#cleanup.delete(task.ID);
    }
    const size = this.#dirty.size + this.#cleanup.size;
    if (size > BATCH_SIZE) this.#tick();
    else if (size > 0) this.#timer ??= this.#clock.after(BATCH_DELAY, () => this.#tick());
  }

  #tick(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    const doomed = new Set(this.#cleanup);
    this.#cleanup.clear();
    for (const [key, task] of [...this.#dirty]) {
      const { surplus, running } = this.#surplus(key, task);
      for (const old of surplus) doomed.add(old.ID);
      if (running <= 1) this.#dirty.delete(key);
    }
    if (doomed.size === 0) return;
    this.#store.update((transaction) => {
      for (const id of doomed) transaction.remove('tasks', id);
    });
  }

  /** The tasks of a slot that its history has no room for, oldest first, and how many were passed over because they still run. */
  #surplus(key: string, member: Task): { surplus: Task[]; running: number } {
    const service = this.#store.services.get(member.ServiceID);
    const limit = service === undefined ? undefined : this.#historyLimit(service);
    const history = limit === undefined ? [] : this.#store.tasksOfSlot(key);
    const surplus: Task[] = [];
    let running = 0;
    if (limit === undefined || history.length <= limit) return { surplus, running };
    history.sort((a, b) => (statusTime(a) < statusTime(b) ? -1 : statusTime(a) > statusTime(b) ? 1 : 0));
    for (const task of history) {
      if (history.length - surplus.length <= limit) break;
      if (hasEnded(task) || willNeverRun(task)) surplus.push(task);
      else running++;
    }
    return { surplus, running };
  }

  /** How many tasks a slot keeps; undefined for all. A limit on restart attempts needs its own number of them, no more, no less. */
  #historyLimit(service: Service): number | undefined {
    const mode = modeOf(service);
    if (mode === 'replicated-job' || mode === 'global-job') return undefined;
    const attempts = service.Spec.TaskTemplate.RestartPolicy?.MaxAttempts ?? 0;
    if (attempts > 0) return attempts + 1;
    const [cluster] = this.#store.clusters.all();
    const limit = cluster?.Spec.Orchestration.TaskHistoryRetentionLimit ?? DEFAULT_HISTORY_LIMIT;
    return limit < 0 ? undefined : limit;
  }
}

/** Whether nothing is left of the task but its record, and nobody wants that either. */
function isDone(task: Task): boolean {
  if (task.ServiceID === '' && task.Status.State === 'orphaned') return true;
  if (task.DesiredState !== 'remove') return false;
  return compareStates(task.Status.State, 'assigned') < 0 || compareStates(task.Status.State, 'complete') >= 0;
}

function willNeverRun(task: Task): boolean {
  return compareStates(task.Status.State, 'assigned') < 0 && !wantsToRun(task);
}
