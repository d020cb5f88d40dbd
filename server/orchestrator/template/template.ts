import { pipelineOf, type Term } from './pipeline.ts';

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
  '.Service': 'struct { ID string; Name string; Labels map[string]string }',
  '.Node': 'struct { ID string; Hostname string; Platform template.Platform }',
  '.Node.Platform': 'template.Platform',
  '.Task': 'struct { ID string; Name string; Slot string }',
};

export type Value = string | number | string[] | Record<string, unknown>;

/** A function that templates may call; what it throws is reported as Go reports it. */
export type TemplateFunction = (...values: Value[]) => Value;

/** What a template is expanded with beyond the context: the context's Go type, and functions of its own. */
export interface TemplateEnvironment {
  type?: string;
  functions?: Readonly<Record<string, TemplateFunction>>;
}

const FUNCTIONS: Readonly<Record<string, TemplateFunction>> = {
  index: (map, key) => (typeof map === 'object' && !Array.isArray(map) ? asValue(map[String(key)]) : ''),
  join: (list, separator) => (Array.isArray(list) ? list.join(String(separator)) : String(list)),
  json: (value) => JSON.stringify(value),
  lower: (text) => String(text).toLowerCase(),
  split: (text, separator) => String(text).split(String(separator)),
  title: (text) => String(text).replace(/\b[a-z]/g, (letter) => letter.toUpperCase()),
  upper: (text) => String(text).toUpperCase(),
};

/** Expands every `{{...}}` of a text. Throws TemplateError. */
export function expandTemplate(text: string, context: TemplateContext, environment: TemplateEnvironment = {}): string {
  const { type = '*template.Context', functions = {} } = environment;
  const expansion = new Expansion(text, context, { type, functions: { ...FUNCTIONS, ...functions } });
  let expanded = '';
  let rest = 0;
  for (let open = text.indexOf('{{'); open >= 0; open = text.indexOf('{{', rest)) {
    const close = text.indexOf('}}', open);
    if (close < 0) throw new TemplateError(`${lineOf(text, text.length)}: unclosed action`);
    expanded += text.slice(rest, open);
    if (/^- /.test(text.slice(open + 2))) expanded = expanded.trimEnd();
    const action = text.slice(open + 2, close).replace(/^- | -$/g, '  ');
    if (!/^\s*\/\*.*\*\/\s*$/s.test(action)) expanded += print(expansion.evaluate(action, open + 2));
    rest = close + 2;
    if (text.slice(open, close).endsWith(' -')) rest += /^\s*/.exec(text.slice(rest))?.[0].length ?? 0;
  }
  return expanded + text.slice(rest);
}

function lineOf(text: string, at: number): number {
  return text.slice(0, at).split('\n').length;
}

class Expansion {
  readonly #text: string;
  readonly #context: TemplateContext;
  readonly #environment: Required<TemplateEnvironment>;

  constructor(text: string, context: TemplateContext, environment: Required<TemplateEnvironment>) {
    this.#text = text;
    this.#context = context;
    this.#environment = environment;
  }

  /** The value of an action or of what stands in parentheses; `from` is its place in the text. */
  evaluate(action: string, from: number): Value {
    let piped: Value | undefined;
    for (const [first, ...others] of pipelineOf(action, from)) {
      if (first === undefined) throw new TemplateError(`${lineOf(this.#text, from)}: missing value for command`);
      const name = first.text;
      if (/^[a-z_]\w*$/i.test(name)) {
        const values = [...others.map((term) => this.#valueOf(term)), ...(piped === undefined ? [] : [piped])];
        piped = this.#call(name, values, [first, ...others]);
      } else {
        piped = this.#valueOf(first);
      }
    }
    return piped ?? '';
  }

  #call(name: string, values: Value[], command: readonly Term[]): Value {
    const { functions } = this.#environment;
    const known = Object.hasOwn(functions, name) ? functions[name] : undefined;
    const at = command[0]?.at ?? 0;
    if (known === undefined)
      throw new TemplateError(`${lineOf(this.#text, at)}: function ${JSON.stringify(name)} not defined`);
    try {
      return known(...values);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw this.#failure(at, command.map(({ text }) => text).join(' '), `error calling ${name}: ${reason}`);
    }
  }

  #valueOf(term: Term): Value {
    if (term.text.startsWith('(')) return this.evaluate(term.text.slice(1, -1), term.at + 1);
    if (term.text.startsWith('"')) return asValue(JSON.parse(term.text));
    if (term.text.startsWith('`')) return term.text.slice(1, -1);
    if (/^-?\d+$/.test(term.text)) return Number(term.text);
    if (/^\.(\w+(\.\w+)*)?$/.test(term.text)) return this.#field(term);
    if (/^[a-z_]\w*$/i.test(term.text)) return this.#call(term.text, [], [term]);
    throw new TemplateError(`${lineOf(this.#text, term.at)}: unexpected ${JSON.stringify(term.text)} in operand`);
  }

  #field(term: Term): Value {
    let value: unknown = this.#context;
    let path = '';
    for (const field of term.text.split('.').filter((name) => name !== '')) {
      const type = path === '' ? this.#environment.type : TYPES[path];
      const known = typeof value === 'object' && value !== null && Object.hasOwn(value, field);
      if (!known && path === '.Service.Labels') return '<no value>';
      if (!known) {
        const reason = `can't evaluate field ${field} in type ${type ?? 'string'}`;
        throw this.#failure(term.at + path.length, term.text, reason);
      }
      value = (value as Record<string, unknown>)[field];
      path += `.${field}`;
    }
    return asValue(value);
  }

  #failure(at: number, what: string, reason: string): TemplateError {
    const column = at - (this.#text.lastIndexOf('\n', at - 1) + 1);
    return new TemplateError(`${lineOf(this.#text, at)}:${column}: executing "expansion" at <${what}>: ${reason}`);
  }
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
