import { z } from 'zod';
import { ControlError } from './control-error.ts';

/** Values by key, as they are written today and as they were before: not both in one. `null` is Go's word for nothing. */
const valueSets = z.union([
  z.record(z.string(), z.record(z.string(), z.boolean().nullable()).nullable()),
  z.record(z.string(), z.array(z.string().nullable()).nullable()),
]);

/** The `filters` of a list: several values of one key are alternatives, several keys must all be met. */
export class Filters {
  readonly #values: ReadonlyMap<string, readonly string[]>;

  private constructor(values: ReadonlyMap<string, readonly string[]>) {
    this.#values = values;
  }

  /** Reads the query parameter; a key that is not `accepted` is refused. Throws 400. */
  static parse(text: string | undefined, accepted: readonly string[]): Filters {
    if (text === undefined || text === '') return new Filters(new Map());
    const filters = new Filters(new Map(Object.entries(readJson(text)).map(([key, set]) => [key, valuesOf(set)])));
    for (const key of filters.#values.keys())
      if (!accepted.includes(key))
        throw new ControlError(400, key === '' ? 'invalid filter' : `invalid filter '${key}'`);
    return filters;
  }

  /** Refuses what is no filters at all, whatever their keys. Throws 400. */
  static checkSyntax(text: string | undefined): void {
    if (text !== undefined && text !== '') readJson(text);
  }

  /** All values of a key; empty when it is not filtered by. */
  values(key: string): readonly string[] {
    return this.#values.get(key) ?? [];
  }

  /** All values of a key but empty ones, which Docker passes over where a value has to be one of several words. */
  words(key: string): readonly string[] {
    return this.values(key).filter((value) => value !== '');
  }

  has(key: string): boolean {
    return this.values(key).length > 0;
  }

  /** Whether there is no filter of that key, or one of its values fulfils the condition. */
  any(key: string, condition: (value: string) => boolean): boolean {
    const values = this.values(key);
    return values.length === 0 || values.some(condition);
  }

  /** Whether every `label` or `label=value` of that key is among the labels. */
  labels(key: string, labels: Readonly<Record<string, string>>): boolean {
    return this.values(key).every((wanted) => hasLabel(labels, wanted));
  }

  /** A truth value of a filter; undefined when it is absent. Throws 400 for what is neither true nor false, or both. */
  truth(key: string): boolean | undefined {
    const values = this.values(key);
    if (values.length === 0) return undefined;
    const isTrue = values.some((value) => value === '1' || value === 'true');
    const isFalse = values.some((value) => value === '0' || value === 'false');
    if (isTrue === isFalse) throw new ControlError(400, `invalid filter '${key}=[${values.join(' ')}]'`);
    return isTrue;
  }
}

function hasLabel(labels: Readonly<Record<string, string>>, wanted: string): boolean {
  const at = wanted.indexOf('=');
  const key = at < 0 ? wanted : wanted.slice(0, at);
  if (!Object.hasOwn(labels, key)) return false;
  return at < 0 || at === wanted.length - 1 || labels[key] === wanted.slice(at + 1);
}

function readJson(text: string): z.infer<typeof valueSets> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ControlError(400, 'invalid filter');
  }
  const parsed = valueSets.safeParse(value ?? {});
  if (!parsed.success) throw new ControlError(400, 'invalid filter');
  return parsed.data;
}

/** A value counts for being there, whatever it is said to be. */
function valuesOf(set: Record<string, boolean | null> | (string | null)[] | null): string[] {
  return Array.isArray(set) ? set.map((value) => value ?? '') : Object.keys(set ?? {});
}
