import { z } from 'zod';
import { isPattern } from '../server/labs/pattern.ts';

/** Text where YAML may see a number or a boolean: `image: 1.26`. */
export const text = () => z.union([z.string(), z.number(), z.boolean()]).transform(String);

/** One text or a list of them; gives a list. */
export const texts = () => z.union([text().transform((one) => [one]), z.array(text())]);

export const count = () =>
  z.union([
    z.number().int().nonnegative(),
    z.strictObject({ min: z.number().int().nonnegative().optional(), max: z.number().int().nonnegative().optional() }),
  ]);
export type Count = z.output<ReturnType<typeof count>>;

/** Whether a number found is the one, or in the range, that the lab asks for; both ends of a range are included. */
export function matchesCount(wanted: Count, found: number): boolean {
  if (typeof wanted === 'number') return found === wanted;
  return found >= (wanted.min ?? 0) && found <= (wanted.max ?? Number.POSITIVE_INFINITY);
}

/** A wanted count in words for a verdict: `3`, `at least 2`, `1 to 4`. */
export function describeCount(wanted: Count): string {
  if (typeof wanted === 'number') return String(wanted);
  const { min, max } = wanted;
  if (min !== undefined && max !== undefined) return `${min} to ${max}`;
  if (min !== undefined) return `at least ${min}`;
  return max === undefined ? 'any number' : `at most ${max}`;
}

/** A regular expression, as text. */
export const pattern = () =>
  z
    .string()
    .refine(isPattern, 'expected a regular expression')
    .describe('A regular expression (JavaScript); anchor it with ^ and $ where that matters.');

/** Key and value pairs that must be there; others may be too. */
export const pairs = () => z.record(z.string(), text());

export const absent = () => z.literal(true).optional().describe('It must not be there.');

/** A list in a sentence: `a, b and c`; `none` for an empty one. */
export function listed(items: readonly string[], most = 8): string {
  if (items.length === 0) return 'none';
  const shown = items.length > most ? [...items.slice(0, most), `${items.length - most} more`] : [...items];
  const last = shown.pop();
  return shown.length === 0 ? `${last}` : `${shown.join(', ')} and ${last}`;
}

/** `3 tasks`, `1 task`. */
export function plural(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** An image reference without its digest, with `:latest` where it names no tag. */
export function imageName(reference: string): string {
  const name = reference.replace(/@sha256:[0-9a-f]+$/, '');
  return /:[^/]*$/.test(name) ? name : `${name}:latest`;
}
