import type { Task } from '../model/objects.ts';
import type { NodeInfo } from './node-info.ts';
import type { NodeOrder } from './node-set.ts';
import type { Pipeline } from './pipeline.ts';

/** Tasks in the order of their slots, taken one after the other. */
export class WaitingTasks {
  readonly #tasks: readonly Task[];
  #taken = 0;

  constructor(tasks: readonly Task[]) {
    this.#tasks = tasks.length < 2 ? tasks : [...tasks].sort((a, b) => (a.Slot ?? 0) - (b.Slot ?? 0));
  }

  get left(): number {
    return this.#tasks.length - this.#taken;
  }

  take(): Task | undefined {
    return this.#tasks[this.#taken++];
  }

  /** The tasks that nobody took. */
  rest(): readonly Task[] {
    return this.#tasks.slice(this.#taken);
  }
}

/** Tasks that wait for a node, of one service and one spec version, and the means to find them one. */
export interface TaskGroup {
  readonly waiting: WaitingTasks;
  readonly pipeline: Pipeline;
  readonly order: NodeOrder;
  /** Gives a task to a node; the node's counts are up to date afterwards. */
  assign(task: Task, info: NodeInfo): void;
}

/**
 * Spreads up to `count` tasks over `nodes`, which are sorted and have all passed the filters: first each node is filled up to the level
 * of the next one, then they take turns. Nodes that do not pass any more are left out. Returns how many tasks were assigned.
 */
export function assignToNodes(group: TaskGroup, nodes: readonly NodeInfo[], count: number): number {
  const full = new Set<NodeInfo>();
  let assigned = 0;
  let turn = 0;
  const at = (position: number): NodeInfo | undefined => nodes[position % nodes.length];
  while (assigned < count) {
    const node = at(turn);
    if (node === undefined || group.waiting.left === 0) break;
    const task = group.waiting.take();
    if (task === undefined) break;
    group.assign(task, node);
    assigned++;
    if (assigned === count || group.waiting.left === 0) break;

    const next = turn + 1 < nodes.length ? nodes[turn + 1] : undefined;
    if (next === undefined || group.order(next, node) < 0) turn++;
    const last = turn + nodes.length;
    for (let candidate = at(turn); candidate !== undefined; candidate = at(turn)) {
      if (!full.has(candidate) && group.pipeline.process(candidate)) break;
      full.add(candidate);
      turn++;
      if (turn === last) return assigned;
    }
  }
  return assigned;
}
