import type { Clock, Disposable } from '../../clock/clock.ts';
import type { TaskStatus } from '../../orchestrator/model/objects.ts';

/** Milliseconds between two reports: many changes travel together, and the manager gathers what all its agents tell for longer. */
const BATCH_DELAY = 20;

type Send = (updates: { taskId: string; status: TaskStatus }[]) => void;

/**
 * Tells the manager how tasks are. A change after some quiet goes out at once, what follows is gathered; of several changes of one
 * task only the last is told. Without a session everything waits.
 */
export class StatusReporter {
  readonly #clock: Clock;
  readonly #pending = new Map<string, TaskStatus>();
  #send: Send | undefined;
  #timer: Disposable | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  report(taskId: string, status: TaskStatus): void {
    this.#pending.set(taskId, status);
    if (this.#timer === undefined) this.#flush();
  }

  /** A session began: from now on reports go to `send`. */
  connect(send: Send): void {
    this.#send = send;
    this.#flush();
  }

  disconnect(): void {
    this.#send = undefined;
    this.#timer?.dispose();
    this.#timer = undefined;
  }

  #flush(): void {
    this.#timer = undefined;
    if (this.#send === undefined || this.#pending.size === 0) return;
    const updates = [...this.#pending].map(([taskId, status]) => ({ taskId, status }));
    this.#pending.clear();
    this.#send(updates);
    this.#timer = this.#clock.after(BATCH_DELAY, () => this.#flush());
  }
}
