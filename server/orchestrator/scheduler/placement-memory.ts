import type { NodeVerdict } from '../api/explain.ts';

/** Nodes remembered for one decision. */
export const REMEMBERED_NODES = 12;
/** Tasks whose placement is remembered. */
const REMEMBERED_TASKS = 5_000;

/** What the nodes looked like when a task was placed, for the tasks that were placed last. */
export class PlacementMemory {
  readonly #placements = new Map<string, readonly NodeVerdict[]>();

  remember(taskId: string, verdicts: readonly NodeVerdict[]): void {
    this.#placements.set(taskId, verdicts);
    if (this.#placements.size <= REMEMBERED_TASKS) return;
    for (const oldest of this.#placements.keys()) {
      this.#placements.delete(oldest);
      return;
    }
  }

  recall(taskId: string): readonly NodeVerdict[] | undefined {
    return this.#placements.get(taskId);
  }

  forget(taskId: string): void {
    this.#placements.delete(taskId);
  }
}
