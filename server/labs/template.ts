/** What a name in a lab stands for. */
export type VariableValue = string | number | boolean;
export type Variables = Readonly<Record<string, VariableValue>>;

/**
 * `{{name}}` is the lab's; `{{.Name}}`, `{{json .Spec}}` and the like are Docker's own (Go) templates and left alone, and so are the
 * two Go keywords that look like a name.
 */
const REFERENCE = /\{\{\s*([A-Za-z_][\w-]*)\s*\}\}/g;
const RESERVED_NAMES: ReadonlySet<string> = new Set(['end', 'else', 'break', 'continue']);

export interface TemplateReference {
  name: string;
  /** Where it begins in the text. */
  offset: number;
}

/** The lab's own references in a text, in order. */
export function templateReferences(text: string): TemplateReference[] {
  return [...text.matchAll(REFERENCE)]
    .map((match) => ({ name: match[1] ?? '', offset: match.index }))
    .filter(({ name }) => !RESERVED_NAMES.has(name));
}

/** Puts in the values; a name without one stays as it is written, unless `missing` gives something else. */
export function expandText(
  text: string,
  variables: Variables,
  missing: (name: string, written: string) => string = (_name, written) => written,
): string {
  return text.replace(REFERENCE, (written, name: string) => {
    if (RESERVED_NAMES.has(name)) return written;
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    return value === undefined ? missing(name, written) : String(value);
  });
}

/**
 * Puts the values into every string inside a YAML value. A string that is nothing but one reference becomes the value itself, so that
 * `"{{replicas}}"` is a number where `replicas` is one.
 */
export function expandValue(value: unknown, variables: Variables): unknown {
  if (typeof value === 'string') {
    const whole = /^\{\{\s*([A-Za-z_][\w-]*)\s*\}\}$/.exec(value)?.[1];
    if (whole !== undefined && Object.hasOwn(variables, whole)) return variables[whole];
    return expandText(value, variables);
  }
  if (Array.isArray(value)) return value.map((item) => expandValue(item, variables));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, expandValue(item, variables)]));
  return value;
}

/** The names of all references inside a YAML value that have no value. */
export function missingNames(value: unknown, variables: Variables): string[] {
  if (typeof value === 'string')
    return templateReferences(value)
      .map(({ name }) => name)
      .filter((name) => !Object.hasOwn(variables, name));
  if (Array.isArray(value)) return value.flatMap((item) => missingNames(item, variables));
  if (typeof value === 'object' && value !== null)
    return Object.values(value).flatMap((item) => missingNames(item, variables));
  return [];
}
