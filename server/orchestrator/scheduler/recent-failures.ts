/** Milliseconds that a failure is held against a node. */
const MEMORY = 5 * 60_000;

/** From so many recent failures on, a node comes after those with fewer, however many tasks it has. */
export const FAILURES_THAT_COUNT = 5;

/** Where tasks of which service (at which spec version) failed or were rejected lately. */
export class RecentFailures {
  /** By service and spec version, then by node: when. */
  readonly #log = new Map<string, Map<string, number[]>>();
  #swept = 0;

  record(groupKey: string, nodeId: string, now: number): void {
    if (now - this.#swept > MEMORY) this.#sweep(now);
    let nodes = this.#log.get(groupKey);
    if (nodes === undefined) {
      nodes = new Map();
      this.#log.set(groupKey, nodes);
    }
    nodes.set(nodeId, [...recent(nodes.get(nodeId) ?? [], now), now]);
  }

  /** Recent failures of the group on each node that has any; undefined when there is none. */
  of(groupKey: string, now: number): ReadonlyMap<string, number> | undefined {
    const nodes = this.#log.get(groupKey);
    if (nodes === undefined) return undefined;
    return new Map([...nodes].map(([nodeId, times]) => [nodeId, recent(times, now).length]));
  }

  forgetNode(nodeId: string): void {
    for (const nodes of this.#log.values()) nodes.delete(nodeId);
  }

  #sweep(now: number): void {
    this.#swept = now;
    for (const [groupKey, nodes] of this.#log) {
      for (const [nodeId, times] of nodes) if (recent(times, now).length === 0) nodes.delete(nodeId);
      if (nodes.size === 0) this.#log.delete(groupKey);
    }
  }
}

function recent(times: readonly number[], now: number): number[] {
  return times.filter((time) => now - time <= MEMORY);
}
