import { hostPart } from '../../gateway/networks/addresses.ts';
import type { NodeNetworkState } from '../../orchestrator/dispatcher/protocol.ts';

/**
 * Tasks of this node that get no new connections although the manager has not said so yet: they are about to stop, or have ended with
 * the node.
 */
export class StoppingTasks {
  readonly #addresses = new Map<string, string[]>();

  /** Says whether that is news. */
  add(taskId: string, addresses: readonly string[]): boolean {
    if (addresses.length === 0 || this.#addresses.has(taskId)) return false;
    this.#addresses.set(taskId, addresses.map(hostPart));
    return true;
  }

  /** Says whether it was there. */
  delete(taskId: string): boolean {
    return this.#addresses.delete(taskId);
  }

  /** Of a state that an earlier agent has kept: adds this node's tasks that do not run. */
  addEnded({ nodeId, overlays }: NodeNetworkState, running: ReadonlySet<string>): void {
    const ended = overlays
      .flatMap(({ endpoints }) => endpoints)
      .filter((task) => task.nodeId === nodeId && task.serviceId !== '' && !running.has(task.taskId));
    for (const taskId of new Set(ended.map((task) => task.taskId))) {
      this.add(
        taskId,
        ended.filter((task) => task.taskId === taskId).map(({ address }) => address),
      );
    }
  }

  /** Forgets the tasks of which the manager knows no more. */
  keepKnown({ overlays }: NodeNetworkState): void {
    const known = new Set(overlays.flatMap(({ endpoints }) => endpoints.map(({ taskId }) => taskId)));
    for (const taskId of this.#addresses.keys()) if (!known.has(taskId)) this.#addresses.delete(taskId);
  }

  clear(): void {
    this.#addresses.clear();
  }

  addresses(): string[] {
    return [...this.#addresses.values()].flat();
  }
}
