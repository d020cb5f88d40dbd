import type { Task } from '../model/objects.ts';
import { isTerminal } from '../model/task-state.ts';

/**
 * Which networks each node takes part in because of the tasks that were placed on it. Counts tasks, so that the node joins a network
 * with its first task there and leaves it with the last.
 */
export class NodeAttachments {
  readonly #counted = new Map<string, { nodeId: string; networkIds: string[] }>();
  readonly #counts = new Map<string, Map<string, number>>();

  /** Takes notice of a task's present state. Gives the node whose networks changed, if any. */
  follow(task: Task): string | undefined {
    if (isTerminal(task.Status.State) || !task.NodeID) return this.forget(task.ID);
    if (this.#counted.has(task.ID)) return undefined;
    const networkIds = task.attachments
      .filter(({ addresses }) => addresses.length > 0)
      .map(({ networkId }) => networkId);
    if (networkIds.length === 0) return undefined;
    this.#counted.set(task.ID, { nodeId: task.NodeID, networkIds });
    return this.#add(task.NodeID, networkIds, 1) ? task.NodeID : undefined;
  }

  /** The task is gone. Gives the node whose networks changed, if any. */
  forget(taskId: string): string | undefined {
    const counted = this.#counted.get(taskId);
    if (counted === undefined) return undefined;
    this.#counted.delete(taskId);
    return this.#add(counted.nodeId, counted.networkIds, -1) ? counted.nodeId : undefined;
  }

  networksOf(nodeId: string): string[] {
    return [...(this.#counts.get(nodeId)?.keys() ?? [])];
  }

  #add(nodeId: string, networkIds: readonly string[], step: 1 | -1): boolean {
    let counts = this.#counts.get(nodeId);
    if (counts === undefined) {
      counts = new Map();
      this.#counts.set(nodeId, counts);
    }
    let changed = false;
    for (const networkId of networkIds) {
      const before = counts.get(networkId) ?? 0;
      if (before + step === 0) counts.delete(networkId);
      else counts.set(networkId, before + step);
      changed ||= before === 0 || before + step === 0;
    }
    if (counts.size === 0) this.#counts.delete(nodeId);
    return changed;
  }
}
