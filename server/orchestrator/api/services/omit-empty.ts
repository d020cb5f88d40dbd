/**
 * The object without the fields that Go's `omitempty` leaves out: nothing, empty text, 0, false, and empty lists. Fields named in
 * `pointers` are pointers in Go, of which only nothing is left out; objects are structs and stay even when they are empty.
 */
export function omitEmpty<T extends object>(fields: T, pointers: readonly (keyof T)[] = []): Present<T> {
  const present = Object.entries(fields).filter(
    ([key, value]) => value !== undefined && (pointers.includes(key as keyof T) || !isEmpty(value)),
  );
  return Object.fromEntries(present) as Present<T>;
}

/** Every field may be missing, and none is there without a value. */
export type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** A map that is to be left out when it has no entries. */
export function mapOrNothing<T>(map: Record<string, T> | undefined): Record<string, T> | undefined {
  return map === undefined || Object.keys(map).length === 0 ? undefined : map;
}

function isEmpty(value: unknown): boolean {
  return (
    value === '' || value === 0 || value === false || value === null || (Array.isArray(value) && value.length === 0)
  );
}
