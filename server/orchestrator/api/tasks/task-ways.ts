import type { Disposable } from '../../../clock/clock.ts';
import type { Task } from '../../model/objects.ts';
import type { Store } from '../../store/store.ts';
import type { TaskStop } from '../explain.ts';

/** Tasks whose way is remembered: those that changed last. */
const REMEMBERED_TASKS = 5_000;
/** States that a task can come to; more than these are not kept of a task that goes back and forth. */
const REMEMBERED_STOPS = 20;

/**
 * The way of each task through its states, with the time of each. Swarm itself keeps the last state only; this is for explaining, and
 * kept in memory: what was before a restart of this process is not known any more.
 */
export class TaskWays implements Disposable {
  readonly #ways = new Map<string, TaskStop[]>();
  readonly #watch: Disposable;

  constructor(store: Store) {
    this.#watch = store.watch((events) => {
      for (const event of events) {
        if (event.kind !== 'tasks') continue;
        if (event.action === 'remove') this.#ways.delete(event.object.ID);
        else this.#observe(event.object);
      }
    });
  }

  /** Every state that the task was seen in, in order; the last one is the one it is in. */
  of(task: Task): TaskStop[] {
    return this.#ways.get(task.ID) ?? [stopOf(task)];
  }

  dispose(): void {
    this.#watch.dispose();
  }

  #observe(task: Task): void {
    const way = this.#ways.get(task.ID) ?? [];
    const last = way.at(-1);
    const stop = stopOf(task);
    if (last?.state === stop.state) way[way.length - 1] = { ...stop, at: last.at };
    else way.push(stop);
    if (way.length > REMEMBERED_STOPS) way.shift();
    this.#ways.delete(task.ID);
    this.#ways.set(task.ID, way);
    if (this.#ways.size > REMEMBERED_TASKS) this.#forgetOldest();
  }

  #forgetOldest(): void {
    const [oldest] = this.#ways.keys();
    if (oldest !== undefined) this.#ways.delete(oldest);
  }
}

function stopOf({ Status, CreatedAt }: Task): TaskStop {
  return { state: Status.State, at: Status.Timestamp ?? CreatedAt, message: Status.Message, error: Status.Err };
}
