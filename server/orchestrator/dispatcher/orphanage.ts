import type { Clock, Disposable } from '../../clock/clock.ts';
import { compareStates } from '../model/task-state.ts';
import { hasEnded } from '../services/desired-state.ts';
import type { Store } from '../store/store.ts';

/** Milliseconds that a node can be down before its tasks are given up: a day. */
const PATIENCE = 24 * 3_600_000;

/** Gives up the tasks of nodes that stay down: nobody will ever report what became of them. */
export class Orphanage implements Disposable {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #waiting = new Map<string, Disposable>();

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Begins to count for a node that is down. */
  nodeDown(nodeId: string): void {
    this.nodeBack(nodeId);
    const giveUp = () => {
      this.#waiting.delete(nodeId);
      this.#orphanTasks(nodeId);
    };
    this.#waiting.set(nodeId, this.#clock.after(PATIENCE, giveUp));
  }

  /** The node is back, or gone for good: stops counting. */
  nodeBack(nodeId: string): void {
    this.#waiting.get(nodeId)?.dispose();
    this.#waiting.delete(nodeId);
  }

  dispose(): void {
    for (const timer of this.#waiting.values()) timer.dispose();
    this.#waiting.clear();
  }

  #orphanTasks(nodeId: string): void {
    const given = this.#store.tasksOfNode(nodeId);
    this.#store.update((transaction) => {
      for (const task of given) {
        if (compareStates(task.Status.State, 'assigned') < 0 || hasEnded(task)) continue;
        transaction.update('tasks', { ...task, Status: { ...task.Status, State: 'orphaned' } });
      }
    });
  }
}
