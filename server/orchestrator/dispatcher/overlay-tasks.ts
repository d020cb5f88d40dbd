import type { Task } from '../model/objects.ts';
import { compareStates } from '../model/task-state.ts';
import { hasEnded } from '../services/desired-state.ts';
import type { StoreEvent } from '../store/store.ts';

/** Whether a task takes connections, as far as it goes by the task alone. */
export function takesConnections(task: Task): boolean {
  return task.Status.State === 'running' && compareStates(task.DesiredState, 'complete') <= 0;
}

/** The tasks on each overlay: assigned, with an address there, and not over. */
export class OverlayTasks {
  readonly #byNetwork = new Map<string, Map<string, Task>>();

  /** The tasks on a network, in no particular order. */
  on(networkId: string): Iterable<Task> {
    return this.#byNetwork.get(networkId)?.values() ?? [];
  }

  /** Follows a task through an event; `changed` is told of each network on which it looks different now. */
  follow(event: Extract<StoreEvent, { kind: 'tasks' }>, changed: (networkId: string) => void): void {
    const before = event.action === 'update' && isPresent(event.old) ? event.old : undefined;
    const after = event.action !== 'remove' && isPresent(event.object) ? event.object : undefined;
    const gone = event.action === 'remove' && isPresent(event.object) ? event.object : before;
    if (after === undefined) {
      for (const { networkId } of gone?.attachments ?? []) {
        this.#leave(networkId, event.object.ID);
        changed(networkId);
      }
      return;
    }
    const same =
      before !== undefined &&
      before.attachments === after.attachments &&
      before.Status.ContainerStatus?.ContainerID === after.Status.ContainerStatus?.ContainerID &&
      takesConnections(before) === takesConnections(after);
    this.add(after);
    if (same) return;
    for (const { networkId } of before?.attachments ?? []) {
      if (after.attachments.some((attachment) => attachment.networkId === networkId)) continue;
      this.#leave(networkId, after.ID);
      changed(networkId);
    }
    for (const { networkId } of after.attachments) changed(networkId);
  }

  /** Counts a task in wherever it has an address. */
  add(task: Task): void {
    if (!isPresent(task)) return;
    for (const { networkId, addresses } of task.attachments) {
      if (addresses.length === 0) continue;
      let tasks = this.#byNetwork.get(networkId);
      if (tasks === undefined) {
        tasks = new Map();
        this.#byNetwork.set(networkId, tasks);
      }
      tasks.set(task.ID, task);
    }
  }

  #leave(networkId: string, taskId: string): void {
    const tasks = this.#byNetwork.get(networkId);
    if (tasks?.delete(taskId) && tasks.size === 0) this.#byNetwork.delete(networkId);
  }
}

function isPresent(task: Task): boolean {
  return task.NodeID !== undefined && !hasEnded(task);
}
