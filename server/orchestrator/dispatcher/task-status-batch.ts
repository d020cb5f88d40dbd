import type { Clock, Disposable } from '../../clock/clock.ts';
import type { Task, TaskStatus } from '../model/objects.ts';
import { compareStates } from '../model/task-state.ts';
import { sameSpec } from '../services/same-spec.ts';
import type { Store } from '../store/store.ts';

/** Milliseconds between the moments at which reports are stored. */
const BATCH_INTERVAL = 100;
/** So many reports are not kept waiting. */
const BATCH_SIZE = 10_000;

/**
 * Stores what agents report of their tasks, in groups; of several reports of one task in a group only the last counts. As in Swarm the
 * clock strikes for everyone at the same time, whenever a report comes: it waits for half an interval on average.
 */
export class TaskStatusBatch implements Disposable {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #reports = new Map<string, { nodeId: string; status: TaskStatus }>();
  readonly #begun: number;
  #timer: Disposable | undefined;

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
    this.#begun = clock.now();
  }

  report(nodeId: string, taskId: string, status: TaskStatus): void {
    this.#reports.set(taskId, { nodeId, status });
    if (this.#reports.size >= BATCH_SIZE) this.flush();
    else this.#timer ??= this.#clock.after(this.#untilNextStrike(), () => this.flush());
  }

  /** Stores what has been gathered. */
  flush(): void {
    this.dispose();
    const reports = [...this.#reports];
    this.#reports.clear();
    const appliedAt = this.#clock.timestamp();
    this.#store.update((transaction) => {
      for (const [taskId, { nodeId, status }] of reports) {
        const task = transaction.tasks.get(taskId);
        if (task?.NodeID === nodeId && isNews(task, status))
          transaction.update('tasks', { ...task, Status: { ...status, appliedAt } });
      }
    });
  }

  #untilNextStrike(): number {
    return BATCH_INTERVAL - ((this.#clock.now() - this.#begun) % BATCH_INTERVAL);
  }

  dispose(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
  }
}

/** States never go back, and a report that says the same as the last one (but for the time) changes nothing. */
function isNews(task: Task, status: TaskStatus): boolean {
  if (compareStates(status.State, task.Status.State) < 0) return false;
  const { Timestamp: _, appliedAt: _applied, ...known } = task.Status;
  const { Timestamp: __, appliedAt: __applied, ...reported } = status;
  return !sameSpec(known, reported);
}
