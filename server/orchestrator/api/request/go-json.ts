import { z } from 'zod';
import { ControlError } from '../control-error.ts';

/**
 * Request bodies as Docker's daemon, written in Go, reads them: keys without regard to case, unknown keys ignored, `null` the same as
 * nothing, and wrong types refused in Go's words, which name the Go struct and type. Every field is optional.
 */
interface GoType {
  /** How Go calls the type: `uint64`, `[]string`, `swarm.TaskSpec`. */
  name: string;
  fields?: Record<string, z.ZodType>;
  /** For fields of an embedded struct: the name that Go puts before them. */
  embedded?: Record<string, string>;
  /** Of a list or map. */
  element?: z.ZodType;
  /** What Go has where nothing is given: what `null` stands for inside of a list or map. */
  zero: unknown;
}

/** A schema of a value that may always be missing. */
type Optional<T> = z.ZodType<T | undefined>;

const goTypes = new WeakMap<z.ZodType, GoType>();

function register<T>(schema: z.ZodType<T>, type: GoType): Optional<T> {
  const nullable = z.preprocess((value) => value ?? undefined, schema.optional());
  goTypes.set(nullable, type);
  return nullable;
}

/** Text, or a named type that is text underneath. */
export function goString(name = 'string'): Optional<string> {
  return register(z.string(), { name, zero: '' });
}

/** A Go bool; false where the request leaves it out. */
export function goBool(): Optional<boolean> {
  return register(z.boolean(), { name: 'bool', zero: false });
}

/** A whole number in Go's range of that type. */
export function goInt(kind: keyof typeof RANGES, name: string = kind): Optional<number> {
  const [lowest, highest] = RANGES[kind];
  return register(
    z.number().refine((value) => Number.isInteger(value) && value >= lowest && value < highest),
    { name, zero: 0 },
  );
}

/** The lowest, and the first that is too high. */
const RANGES = {
  int: [-(2 ** 63), 2 ** 63],
  int64: [-(2 ** 63), 2 ** 63],
  uint64: [0, 2 ** 64],
  uint32: [0, 2 ** 32],
  uint16: [0, 2 ** 16],
} as const;

/** Nanoseconds. */
export function goDuration(): Optional<number> {
  return goInt('int64', 'time.Duration');
}

/** A Go float, 0 where the request leaves it out; `name` is the type that an error names. */
export function goFloat(name = 'float32'): Optional<number> {
  return register(z.number(), { name, zero: 0 });
}

/** Bytes, which JSON carries as base64; Go takes a list of numbers as well. */
export function goBytes(): Optional<string> {
  const base64 = z.string().refine((text) => illegalBase64(text) === undefined);
  const numbers = z.array(z.int().min(0).max(255)).transform((bytes) => Buffer.from(bytes).toString('base64'));
  return register(
    z.preprocess((value) => (Array.isArray(value) ? (numbers.safeParse(value).data ?? value) : value), base64),
    { name: '[]uint8', zero: '' },
  );
}

/** `name` is the Go type when it is not simply `[]` and the element's. */
export function goList<T>(element: Optional<T>, name = `[]${goNameOf(element)}`): Optional<T[]> {
  return register(z.array(given(element)), { name, element, zero: [] });
}

/** A Go map with text as keys, empty where the request leaves it out. */
export function goMap<T>(element: Optional<T>): Optional<Record<string, T>> {
  return register(z.record(z.string(), given(element)).transform(sortKeys), {
    name: `map[string]${goNameOf(element)}`,
    element,
    zero: {},
  });
}

/** Go writes maps with their keys in order, so that is how they are stored. */
function sortKeys<T>(map: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The element with Go's zero value in place of `null`. */
function given<T>(element: Optional<T>): z.ZodType<T> {
  const zero = goTypes.get(element)?.zero as T;
  return element.transform((value) => value ?? zero) as z.ZodType<T>;
}

/** Any value: what is in it does not matter here. */
export function goAny(name: string): z.ZodType<unknown> {
  return register(z.unknown(), { name, zero: undefined });
}

type Fields = Record<string, z.ZodType>;
export type Decoded<F extends Fields> = { [K in keyof F]?: z.infer<F[K]> };

/** A struct; `name` with its package: `swarm.ContainerSpec`. `embedded` as in GoType. */
export function goStruct<F extends Fields>(
  name: string,
  fields: F,
  embedded: Record<string, string> = {},
): Optional<Decoded<F>> {
  const spelling = new Map(Object.keys(fields).map((key) => [key.toLowerCase(), key]));
  const spelled = z.preprocess((value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, field]) => {
        const known = spelling.get(key.toLowerCase());
        return known === undefined ? [] : [[known, field]];
      }),
    );
  }, z.object(fields)) as unknown as z.ZodType<Decoded<F>>;
  return register(spelled, { name, fields, embedded, zero: {} });
}

/** Reads a body; an absent one counts as an empty struct. Throws Docker's 400. */
export function decode<T extends object>(schema: Optional<T>, body: unknown): Partial<T> {
  const result = schema.safeParse(body, { reportInput: true });
  if (result.success) return result.data ?? {};
  const [issue] = result.error.issues;
  const illegal = issue?.code === 'custom' && typeof issue.input === 'string' ? illegalBase64(issue.input) : undefined;
  if (illegal !== undefined) throw new ControlError(400, `invalid JSON: illegal base64 data at input byte ${illegal}`);
  throw new ControlError(400, `invalid JSON: json: ${mismatch(schema, issue?.path ?? [], issue?.input)}`);
}

/** Where a text stops to be base64; undefined when it is. */
function illegalBase64(text: string): number | undefined {
  const good = /^[A-Za-z0-9+/\r\n]*={0,2}/.exec(text)?.[0] ?? '';
  if (good.length < text.length) return good.length;
  const { length } = text.replace(/[\r\n]/g, '');
  return length % 4 === 0 ? undefined : length - (length % 4);
}

function goNameOf(schema: z.ZodType): string {
  return goTypes.get(schema)?.name ?? '';
}

/** Go's words for a value of the wrong type: it names the innermost struct, and the whole path of fields that led there. */
function mismatch(root: z.ZodType, path: readonly PropertyKey[], input: unknown): string {
  let type = goTypes.get(root);
  let struct: string | undefined;
  const fields: string[] = [];
  for (const key of path) {
    const field = type?.fields?.[String(key)];
    if (field !== undefined) {
      struct = type?.name.split('.').at(-1);
      const embedded = type?.embedded?.[String(key)];
      fields.push(...(embedded === undefined ? [] : [embedded]), String(key));
    }
    const next = field ?? type?.element;
    type = next === undefined ? type : goTypes.get(next);
  }
  const where = struct === undefined ? 'value' : `struct field ${struct}.${fields.join('.')}`;
  return `cannot unmarshal ${jsonKind(input, type?.name ?? '')} into Go ${where} of type ${type?.name}`;
}

function jsonKind(input: unknown, goName: string): string {
  if (Array.isArray(input)) return 'array';
  if (typeof input === 'boolean') return 'bool';
  if (typeof input !== 'number') return typeof input;
  const numeric = /^(u?int|time\.Duration|fs\.FileMode)/.test(goName);
  if (!numeric) return 'number';
  return `number ${Number.isInteger(input) ? BigInt(input) : input}`;
}
