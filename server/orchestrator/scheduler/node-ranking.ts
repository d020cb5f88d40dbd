import type { NodeInfo } from './node-info.ts';

/** Nodes with the same number of tasks; buckets form a list by ascending number, without empty ones. */
interface Bucket {
  readonly tasks: number;
  readonly nodes: Set<NodeInfo>;
  previous: Bucket | undefined;
  next: Bucket | undefined;
}

/**
 * The nodes that take new tasks of some kind, ordered by their number of tasks. Counting a task in or out moves a node to the
 * neighbouring bucket, so the order costs nothing to keep; nodes of one bucket come in the order in which they came to it.
 */
export class NodeRanking {
  readonly #admits: (info: NodeInfo) => boolean;
  readonly #places = new Map<NodeInfo, Bucket>();
  #first: Bucket | undefined;

  constructor(admits: (info: NodeInfo) => boolean) {
    this.#admits = admits;
  }

  get size(): number {
    return this.#places.size;
  }

  has(info: NodeInfo): boolean {
    return this.#places.has(info);
  }

  /** Takes a node that is new or has changed in, or out if it is not admitted (any more). */
  update(info: NodeInfo): void {
    if (!this.#admits(info)) this.remove(info);
    else if (this.#places.has(info)) this.recount(info);
    else this.#place(info, undefined);
  }

  /** Moves a node to where its number of tasks belongs now; one that is not ranked here is left alone. */
  recount(info: NodeInfo): void {
    const current = this.#places.get(info);
    if (current !== undefined && current.tasks !== info.totalTasks) this.#place(info, current);
  }

  remove(info: NodeInfo): void {
    const current = this.#places.get(info);
    if (current === undefined) return;
    this.#places.delete(info);
    this.#leave(current, info);
  }

  /** Nodes by ascending number of tasks. Nodes must not be placed or removed while iterating. */
  *ascending(): Generator<NodeInfo> {
    for (let bucket = this.#first; bucket !== undefined; bucket = bucket.next) yield* bucket.nodes;
  }

  #place(info: NodeInfo, current: Bucket | undefined): void {
    const bucket = this.#bucket(info.totalTasks, current);
    bucket.nodes.add(info);
    this.#places.set(info, bucket);
    if (current !== undefined) this.#leave(current, info);
  }

  /** The bucket for so many tasks, made if need be; looked for from `near` on, which is where it nearly always is. */
  #bucket(tasks: number, near: Bucket | undefined): Bucket {
    let after = near;
    while (after !== undefined && after.tasks > tasks) after = after.previous;
    let before = after === undefined ? this.#first : after.next;
    if (after?.tasks === tasks) return after;
    while (before !== undefined && before.tasks < tasks) {
      after = before;
      before = before.next;
    }
    if (before?.tasks === tasks) return before;
    const bucket: Bucket = { tasks, nodes: new Set(), previous: after, next: before };
    if (after === undefined) this.#first = bucket;
    else after.next = bucket;
    if (before !== undefined) before.previous = bucket;
    return bucket;
  }

  #leave(bucket: Bucket, info: NodeInfo): void {
    bucket.nodes.delete(info);
    if (bucket.nodes.size > 0) return;
    if (bucket.previous === undefined) this.#first = bucket.next;
    else bucket.previous.next = bucket.next;
    if (bucket.next !== undefined) bucket.next.previous = bucket.previous;
  }
}
