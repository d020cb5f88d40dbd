/** IDs of objects that wait to be allocated. What failed is set aside until `retry`. */
class WaitingList {
  readonly #fresh = new Set<string>();
  readonly #stuck = new Set<string>();

  add(id: string): void {
    this.#stuck.delete(id);
    this.#fresh.add(id);
  }

  delete(id: string): void {
    this.#stuck.delete(id);
    this.#fresh.delete(id);
  }

  /** Calls `attempt` for each ID that waits; those for which it says false are stuck. */
  work(attempt: (id: string) => boolean): void {
    for (const id of this.#fresh) {
      this.#fresh.delete(id);
      if (!attempt(id)) this.#stuck.add(id);
    }
  }

  retry(): void {
    for (const id of this.#stuck) this.#fresh.add(id);
    this.#stuck.clear();
  }

  isEmpty(): boolean {
    return this.#fresh.size === 0;
  }
}

/** All that the allocator still has to do, by kind. */
export class Backlog {
  readonly networks = new WaitingList();
  readonly services = new WaitingList();
  readonly nodes = new WaitingList();
  readonly tasks = new WaitingList();

  /** Something was freed, or became ready: all that is stuck may go on now. */
  retry(): void {
    for (const list of [this.networks, this.services, this.nodes, this.tasks]) list.retry();
  }

  /** Whether there is nothing to attempt; what is stuck does not count. */
  isEmpty(): boolean {
    return [this.networks, this.services, this.nodes, this.tasks].every((list) => list.isEmpty());
  }
}
