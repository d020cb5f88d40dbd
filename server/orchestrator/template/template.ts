/**
 * The part of Go's template language that is of use in a service's spec: `{{.Service.Name}}`, `{{index .Service.Labels "tier"}}`,
 * and a few functions with pipes. Mistakes are reported in Go's words, which Docker passes on.
 */

/** What the templates of a service's spec may name. */
export interface TemplateContext {
  Service: { ID: string; Name: string; Labels: Record<string, string> };
  Node: { ID: string; Hostname: string; Platform: { Architecture: string; OS: string } };
  Task: { ID: string; Name: string; Slot: string };
}

/** A template that cannot be expanded; the message begins with `template: expansion:`. */
export class TemplateError extends Error {
  constructor(message: string) {
    super(`template: expansion:${message}`);
    this.name = 'TemplateError';
  }
}

const TYPES: Record<string, string> = {
  '': '*template.Context',
  '.Service': 'struct { ID string; Name string; Labels map[string]string }',
  '.Node': 'struct { ID string; Hostname string; Platform template.Platform }',
  '.Node.Platform': 'template.Platform',
  '.Task': 'struct { ID string; Name string; Slot string }',
};

type Value = string | number | string[] | Record<string, unknown>;
type Term = { text: string; at: number };

const FUNCTIONS: Record<string, (...values: Value[]) => Value> = {
  index: (map, key) => (typeof map === 'object' && !Array.isArray(map) ? asValue(map[String(key)]) : ''),
  join: (list, separator) => (Array.isArray(list) ? list.join(String(separator)) : String(list)),
  json: (value) => JSON.stringify(value),
  lower: (text) => String(text).toLowerCase(),
  split: (text, separator) => String(text).split(String(separator)),
  title: (text) => String(text).replace(/\b[a-z]/g, (letter) => letter.toUpperCase()),
  upper: (text) => String(text).toUpperCase(),
};

/** Expands every `{{...}}` of a text. Throws TemplateError. */
export function expandTemplate(text: string, context: TemplateContext): string {
  let expanded = '';
  let rest = 0;
  for (let open = text.indexOf('{{'); open >= 0; open = text.indexOf('{{', rest)) {
    const close = text.indexOf('}}', open);
    if (close < 0) throw new TemplateError('1: unclosed action');
    expanded += text.slice(rest, open) + print(evaluate(text, open + 2, close, context));
    rest = close + 2;
  }
  return expanded + text.slice(rest);
}

function evaluate(text: string, from: number, to: number, context: TemplateContext): Value {
  let piped: Value | undefined;
  for (const command of commands(text, from, to)) {
    const [first, ...others] = command;
    if (first === undefined) throw new TemplateError('1: missing value for command');
    const known = FUNCTIONS[first.text];
    if (known !== undefined) {
      const values = others.map((term) => termValue(term, context));
      piped = known(...values, ...(piped === undefined ? [] : [piped]));
    } else if (/^[a-z_]\w*$/i.test(first.text)) {
      throw new TemplateError(`1: function ${JSON.stringify(first.text)} not defined`);
    } else {
      piped = termValue(first, context);
    }
  }
  return piped ?? '';
}

/** Terms between the pipes, each with its place in the text. */
function commands(text: string, from: number, to: number): Term[][] {
  const all: Term[][] = [[]];
  for (const match of text.slice(from, to).matchAll(/"(?:[^"\\]|\\.)*"|`[^`]*`|\||[^\s|"`]+/g)) {
    if (match[0] === '|') all.push([]);
    else all.at(-1)?.push({ text: match[0], at: from + match.index });
  }
  return all;
}

function termValue(term: Term, context: TemplateContext): Value {
  if (term.text.startsWith('"')) return asValue(JSON.parse(term.text));
  if (term.text.startsWith('`')) return term.text.slice(1, -1);
  if (/^-?\d+$/.test(term.text)) return Number(term.text);
  if (!/^\.(\w+(\.\w+)*)?$/.test(term.text)) {
    throw new TemplateError(`1: unexpected ${JSON.stringify(term.text)} in operand`);
  }
  let value: unknown = context;
  let path = '';
  for (const field of term.text.split('.').filter((name) => name !== '')) {
    const type = TYPES[path];
    const known = typeof value === 'object' && value !== null && Object.hasOwn(value, field);
    if (!known && path === '.Service.Labels') return '<no value>';
    if (!known) {
      const where = `1:${term.at + path.length}: executing "expansion" at <${term.text}>`;
      throw new TemplateError(`${where}: can't evaluate field ${field} in type ${type ?? 'string'}`);
    }
    value = (value as Record<string, unknown>)[field];
    path += `.${field}`;
  }
  return asValue(value);
}

function asValue(value: unknown): Value {
  if (Array.isArray(value)) return value.map(String);
  if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  return typeof value === 'number' ? value : String(value ?? '');
}

/** As Go prints values: lists in brackets, maps with their keys in order, structs as their values. */
function print(value: Value): string {
  if (Array.isArray(value)) return `[${value.join(' ')}]`;
  if (typeof value !== 'object') return String(value);
  const isMap = Object.values(value).every((item) => typeof item === 'string') && !('ID' in value) && !('OS' in value);
  if (!isMap)
    return `{${Object.values(value)
      .map((item) => print(asValue(item)))
      .join(' ')}}`;
  const keys = Object.keys(value).sort();
  return `map[${keys.map((key) => `${key}:${value[key]}`).join(' ')}]`;
}
