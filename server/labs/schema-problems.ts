import { z } from 'zod';
import type { ProblemCollector, SourcePosition } from './lab-problem.ts';
import { closest, describeChoices } from './suggestion.ts';

type Issue = z.core.$ZodIssue;
type Locate = (path: readonly PropertyKey[], of?: 'key' | 'value') => SourcePosition;

/** A part of a JSON Schema, as far as it is needed to say what would have been right. */
interface SchemaPart {
  properties?: Record<string, SchemaPart>;
  items?: SchemaPart | boolean;
  prefixItems?: SchemaPart[];
  additionalProperties?: SchemaPart | boolean;
  anyOf?: SchemaPart[];
  oneOf?: SchemaPart[];
  type?: string;
  enum?: unknown[];
  const?: unknown;
}

/**
 * Checks a value from a lab file against a schema. Each way in which it is wrong becomes a problem at its own place, saying what was
 * found and what was expected; a misspelt key gets the key that was probably meant.
 */
export function parseAgainst<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  locate: Locate,
  problems: ProblemCollector,
  rule: string,
): z.output<Schema> | undefined {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const shape = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as SchemaPart;
  for (const issue of result.error.issues) report(issue, [], value, shape, locate, problems, rule);
  return undefined;
}

function report(
  issue: Issue,
  above: readonly PropertyKey[],
  root: unknown,
  shape: SchemaPart,
  locate: Locate,
  problems: ProblemCollector,
  rule: string,
): void {
  const path = [...above, ...issue.path];
  const where = path.length === 0 ? '' : `\`${path.map(String).join('.')}\`: `;
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(shape, path);
    for (const key of issue.keys)
      problems.error(
        rule,
        locate([...path, key], 'key'),
        `${where}there is no \`${key}\`${closest(key, known) === undefined ? '' : `, did you mean \`${closest(key, known)}\`?`}`,
        known.length === 0 ? undefined : describeChoices(key, known),
      );
    return;
  }
  if (issue.code === 'invalid_union') {
    const branch = likelyBranch(issue.errors);
    if (branch?.some((inner) => inner.path.length > 0 || inner.code !== 'invalid_type')) {
      for (const inner of branch) report(inner, path, root, shape, locate, problems, rule);
      return;
    }
    const expected = [...new Set(issue.errors.flat().map(describeExpected))].join(' or ');
    problems.error(rule, locate(path), `${where}${describeFound(valueAt(root, path))}`, expected || undefined);
    return;
  }
  const found = valueAt(root, path);
  if (issue.code === 'invalid_value' && typeof found === 'string') {
    problems.error(rule, locate(path), `${where}found \`${found}\``, describeChoices(found, issue.values.map(String)));
    return;
  }
  if (issue.code === 'invalid_type' && found === undefined) {
    problems.error(rule, locate(path), `${where}missing`, describeExpected(issue));
    return;
  }
  problems.error(rule, locate(path), `${where}${describeFound(found)}`, describeExpected(issue));
}

/** Of a union's branches the one that the author was probably writing: not one whose kind of value is another, then the nearest. */
function likelyBranch(branches: readonly Issue[][]): Issue[] | undefined {
  const otherKind = (issues: Issue[]) =>
    issues.some(({ code, path }) => path.length === 0 && ['invalid_type', 'invalid_value'].includes(code)) ? 1 : 0;
  return [...branches].sort((a, b) => otherKind(a) - otherKind(b) || a.length - b.length)[0];
}

function describeExpected(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected === 'int' ? 'a whole number' : withArticle(issue.expected);
    case 'invalid_value':
      return issue.values.length === 1
        ? `\`${String(issue.values[0])}\``
        : `one of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return `${issue.origin === 'array' || issue.origin === 'string' ? 'at least ' : `${issue.inclusive ? 'at least' : 'more than'} `}${issue.minimum}${unit(issue.origin)}`;
    case 'too_big':
      return `at most ${issue.maximum}${unit(issue.origin)}`;
    default:
      return issue.message.replace(/^expected /, '').replace(/^Invalid (input|string): /, '');
  }
}

function unit(origin: string): string {
  if (origin === 'array') return ' items';
  return origin === 'string' ? ' characters' : '';
}

function withArticle(type: string): string {
  const names: Record<string, string> = {
    object: 'a mapping',
    record: 'a mapping',
    array: 'a list',
    tuple: 'a list',
    string: 'text',
  };
  return names[type] ?? `a ${type}`;
}

function describeFound(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'found nothing';
  if (Array.isArray(value)) return 'found a list';
  if (typeof value === 'object') return 'found a mapping';
  const text = typeof value === 'string' ? `"${value}"` : String(value);
  return `found ${text.length > 60 ? `${text.slice(0, 59)}…` : text}`;
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let value = root;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

function keysAt(shape: SchemaPart, path: readonly PropertyKey[]): string[] {
  let parts = [shape];
  for (const key of path) parts = parts.flatMap(branches).flatMap((part) => childOf(part, key));
  return [...new Set(parts.flatMap(branches).flatMap((part) => Object.keys(part.properties ?? {})))];
}

function branches(part: SchemaPart): SchemaPart[] {
  return [part, ...[...(part.anyOf ?? []), ...(part.oneOf ?? [])].flatMap(branches)];
}

function childOf(part: SchemaPart, key: PropertyKey): SchemaPart[] {
  const candidates = [
    part.properties?.[String(key)],
    part.items,
    typeof key === 'number' ? part.prefixItems?.[key] : undefined,
    part.additionalProperties,
  ];
  return candidates.filter((candidate): candidate is SchemaPart => typeof candidate === 'object');
}
