import { ControlError } from '../api/control-error.ts';
import type { LogOptions, LogSubscription as SubscriptionMessage } from '../dispatcher/protocol.ts';
import type { Task } from '../model/objects.ts';
import { compareStates } from '../model/task-state.ts';
import type { ReadView } from '../store/store.ts';
import type { LogSelector } from '../swarm-parts.ts';

/** Which nodes one reader's lines come from, and what could not be had. */
export class LogSubscription {
  readonly message: SubscriptionMessage;
  readonly #taskIds: ReadonlySet<string>;
  readonly #serviceIds: ReadonlySet<string>;
  readonly #nodes = new Set<string>();
  /** Tasks without a node. */
  readonly #unscheduled = new Set<string>();
  readonly #waitingFor = new Set<string>();
  readonly #errors: string[] = [];

  constructor(id: string, selector: LogSelector, options: LogOptions) {
    this.message = { id, taskIds: selector.taskIds, serviceIds: selector.serviceIds, options };
    this.#taskIds = new Set(selector.taskIds);
    this.#serviceIds = new Set(selector.serviceIds);
  }

  get follows(): boolean {
    return this.message.options.follow;
  }

  /** Whether every node has given what it has. One that follows never is. */
  get isComplete(): boolean {
    return !this.follows && this.#waitingFor.size === 0;
  }

  /**
   * Finds the tasks as they are now: those named, and of services all when following, else those that have got as far as running.
   * Returns the nodes to ask.
   */
  begin(view: ReadView): string[] {
    for (const id of this.#taskIds) {
      const task = view.tasks.get(id);
      if (task !== undefined) this.#add(task);
    }
    for (const id of this.#serviceIds)
      for (const task of view.tasksOfService(id))
        if (this.follows || compareStates(task.Status.State, 'running') >= 0) this.#add(task);
    for (const nodeId of this.#nodes) this.#waitingFor.add(nodeId);
    return [...this.#nodes];
  }

  /** Takes notice of a task that has changed; returns its node if that has to be asked now. */
  observe(task: Task): string | undefined {
    if (!this.#taskIds.has(task.ID) && !this.#serviceIds.has(task.ServiceID)) return undefined;
    return this.#add(task) ? task.NodeID : undefined;
  }

  concerns(nodeId: string): boolean {
    return this.#nodes.has(nodeId);
  }

  /** The node has nothing more to give; `error` says what it could not give. */
  done(nodeId: string, error?: string): void {
    if (this.follows || !this.#waitingFor.delete(nodeId)) return;
    if (error !== undefined) this.#errors.push(error);
  }

  /** Whether the node still owes lines. */
  waitingFor(nodeId: string): boolean {
    return this.#waitingFor.has(nodeId);
  }

  /** What the reader is told at the end when something is missing. */
  error(): ControlError | undefined {
    const reasons = [...this.#errors, ...[...this.#unscheduled].map((id) => `task ${id} has not been scheduled`)];
    if (reasons.length === 0) return undefined;
    const text = 'warning: incomplete log stream. some logs could not be retrieved for the following reasons: ';
    return ControlError.rpc('Unknown', text + reasons.join(', '));
  }

  /** Returns whether the task is on a node that was not concerned before. */
  #add(task: Task): boolean {
    if (task.NodeID === undefined) {
      this.#unscheduled.add(task.ID);
      return false;
    }
    this.#unscheduled.delete(task.ID);
    if (this.#nodes.has(task.NodeID)) return false;
    this.#nodes.add(task.NodeID);
    return true;
  }
}
