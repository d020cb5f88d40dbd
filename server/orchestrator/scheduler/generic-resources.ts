import type { GenericResource } from '../model/specs.ts';

/** What a node has of each kind of generic resource, and what of it its tasks hold. */
export class GenericPool {
  #capacity: readonly GenericResource[] = [];
  readonly #held = new Map<string, { count: number; values: Set<string> }>();

  setCapacity(capacity: readonly GenericResource[] | undefined): void {
    this.#capacity = capacity ?? [];
  }

  /** Whether what is free covers the reservations; a reservation names a kind and how many of it. */
  covers(reservations: readonly GenericResource[]): boolean {
    for (const { kind, value } of demands(reservations)) if (this.#free(kind) < value) return false;
    return true;
  }

  /** Chooses what a task with these reservations gets: so many of a counted kind, or the first free values of a named one. */
  choose(reservations: readonly GenericResource[]): GenericResource[] {
    const chosen: GenericResource[] = [];
    for (const { kind, value } of demands(reservations)) {
      const named = this.#capacity.flatMap((resource) =>
        resource.NamedResourceSpec?.Kind === kind ? [resource.NamedResourceSpec] : [],
      );
      if (named.length === 0) {
        chosen.push({ DiscreteResourceSpec: { Kind: kind, Value: value } });
        continue;
      }
      const taken = this.#held.get(kind)?.values;
      const free = named.filter((resource) => !taken?.has(resource.Value));
      for (const resource of free.slice(0, value)) chosen.push({ NamedResourceSpec: resource });
    }
    return chosen;
  }

  hold(resources: readonly GenericResource[] | undefined): void {
    for (const resource of resources ?? []) this.#count(resource, 1);
  }

  release(resources: readonly GenericResource[] | undefined): void {
    for (const resource of resources ?? []) this.#count(resource, -1);
  }

  #free(kind: string): number {
    let capacity = 0;
    for (const { NamedResourceSpec: named, DiscreteResourceSpec: counted } of this.#capacity) {
      if (named?.Kind === kind) capacity++;
      else if (counted?.Kind === kind) capacity += counted.Value;
    }
    return capacity - (this.#held.get(kind)?.count ?? 0);
  }

  #count({ NamedResourceSpec: named, DiscreteResourceSpec: counted }: GenericResource, sign: 1 | -1): void {
    const kind = named?.Kind ?? counted?.Kind ?? '';
    let held = this.#held.get(kind);
    if (held === undefined) {
      held = { count: 0, values: new Set() };
      this.#held.set(kind, held);
    }
    held.count += sign * (named === undefined ? (counted?.Value ?? 0) : 1);
    if (named === undefined) return;
    if (sign > 0) held.values.add(named.Value);
    else held.values.delete(named.Value);
  }
}

function demands(reservations: readonly GenericResource[]): { kind: string; value: number }[] {
  return reservations.map(({ NamedResourceSpec: named, DiscreteResourceSpec: counted }) =>
    named === undefined ? { kind: counted?.Kind ?? '', value: counted?.Value ?? 0 } : { kind: named.Kind, value: 1 },
  );
}
