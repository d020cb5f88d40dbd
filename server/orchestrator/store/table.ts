import type { Stored } from '../model/objects.ts';

/** Computes the keys under which an index finds an object; none means the object is not in that index. */
export type IndexKey<T> = (object: T) => string | undefined;

/** All objects of one kind, by ID and by any number of indexes. Reading gives the immutable objects themselves. */
export class Table<T extends Stored> {
  readonly #byId = new Map<string, T>();
  readonly #indexes = new Map<string, { key: IndexKey<T>; entries: Map<string, Map<string, T>> }>();

  constructor(indexes: Record<string, IndexKey<T>> = {}) {
    for (const [name, key] of Object.entries(indexes)) this.#indexes.set(name, { key, entries: new Map() });
  }

  get size(): number {
    return this.#byId.size;
  }

  get(id: string): T | undefined {
    return this.#byId.get(id);
  }

  all(): IterableIterator<T> {
    return this.#byId.values();
  }

  /** The objects that `index` files under `key`, in the order in which they came to be filed there. */
  by(index: string, key: string): T[] {
    const found = this.#indexes.get(index)?.entries.get(key);
    return found === undefined ? [] : [...found.values()];
  }

  /** Puts the object in place of the one with its ID, which is returned. Only a transaction calls this. */
  put(object: T): T | undefined {
    const old = this.#byId.get(object.ID);
    this.#byId.set(object.ID, object);
    for (const { key, entries } of this.#indexes.values()) {
      const before = old === undefined ? undefined : key(old);
      const after = key(object);
      if (before !== undefined && before !== after) unfile(entries, before, object.ID);
      if (after !== undefined) {
        let filed = entries.get(after);
        if (filed === undefined) {
          filed = new Map();
          entries.set(after, filed);
        }
        filed.set(object.ID, object);
      }
    }
    return old;
  }

  /** Takes the object out and returns it. Only a transaction calls this. */
  delete(id: string): T | undefined {
    const old = this.#byId.get(id);
    if (old === undefined) return undefined;
    this.#byId.delete(id);
    for (const { key, entries } of this.#indexes.values()) {
      const before = key(old);
      if (before !== undefined) unfile(entries, before, id);
    }
    return old;
  }
}

function unfile<T>(entries: Map<string, Map<string, T>>, key: string, id: string): void {
  const filed = entries.get(key);
  if (filed === undefined) return;
  filed.delete(id);
  if (filed.size === 0) entries.delete(key);
}
