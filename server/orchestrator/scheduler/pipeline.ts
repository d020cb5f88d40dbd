import type { Task } from '../model/objects.ts';
import { FILTERS, type Filter, type NetworkDrivers, type NodeCheck } from './filters.ts';
import type { NodeInfo } from './node-info.ts';

/**
 * The filters that matter for one task, and how many nodes each of them has refused. A node that passes resets these counts, as in
 * Swarm, whose explanations can therefore leave nodes out.
 */
export class Pipeline {
  readonly #checks: { filter: Filter; check: NodeCheck; refused: number }[] = [];
  #refusals = false;

  constructor(task: Task, drivers: NetworkDrivers) {
    for (const filter of FILTERS) {
      const check = filter.check(task, drivers);
      if (check !== undefined) this.#checks.push({ filter, check, refused: 0 });
    }
  }

  /** Whether the node can take the task. */
  process(info: NodeInfo): boolean {
    for (const entry of this.#checks) {
      if (entry.check(info)) continue;
      entry.refused++;
      this.#refusals = true;
      return false;
    }
    if (this.#refusals) {
      for (const entry of this.#checks) entry.refused = 0;
      this.#refusals = false;
    }
    return true;
  }

  /** The words of the filter that refuses the node, or undefined; counts nothing. */
  refusal(info: NodeInfo): string | undefined {
    return this.#checks.find(({ check }) => !check(info))?.filter.explain(1);
  }

  /** Why nodes were refused, most frequent reason first. */
  explain(): string {
    return this.#checks
      .filter(({ refused }) => refused > 0)
      .sort((a, b) => b.refused - a.refused)
      .map(({ filter, refused }) => filter.explain(refused))
      .join('; ');
  }
}
