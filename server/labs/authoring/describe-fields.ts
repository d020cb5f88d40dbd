import { z } from 'zod';

/** A part of a JSON Schema, as far as it is told to people. */
interface Part {
  type?: string | string[];
  description?: string;
  enum?: unknown[];
  const?: unknown;
  items?: Part;
  prefixItems?: Part[];
  anyOf?: Part[];
  oneOf?: Part[];
  properties?: Record<string, Part>;
  additionalProperties?: Part | boolean;
  required?: string[];
  default?: unknown;
  pattern?: string;
}

/** The fields of a schema as Markdown list items: name, kind, and what they mean. Fields of mappings follow indented. */
export function describeFields(fields: z.core.$ZodLooseShape): string[] {
  const schema = z.toJSONSchema(z.strictObject(fields), { io: 'input', unrepresentable: 'any' }) as Part;
  return describeProperties(schema, '');
}

function describeProperties(schema: Part, indent: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, part]) => {
    const needed = schema.required?.includes(name) ? ', required' : '';
    const about = part.description ?? part.anyOf?.find((each) => each.description !== undefined)?.description;
    const line = `${indent}- \`${name}\` (${kindOf(part)}${needed})${about === undefined ? '' : `: ${about}`}`;
    const inner = [part, ...(part.anyOf ?? []), ...(part.oneOf ?? [])].filter((each) => each.properties !== undefined);
    return [line, ...inner.flatMap((each) => (isRange(each) ? [] : describeProperties(each, `${indent}  `)))];
  });
}

/** A number that may also be a mapping of `min` and `max`. */
const isRange = (part: Part) => Object.keys(part.properties ?? {}).every((name) => ['min', 'max'].includes(name));

function kindOf(part: Part): string {
  const branches = part.anyOf ?? part.oneOf;
  if (branches !== undefined) {
    const kinds = [...new Set(branches.map(kindOf))];
    const text = new Set(['text', 'number', 'true or false']);
    if (kinds.length > 1 && kinds.every((kind) => text.has(kind)) && kinds.includes('text')) return 'text';
    return kinds
      .filter((kind, _index, all) => !(kind !== 'text' && text.has(kind) && all.includes('text')))
      .join(' or ');
  }
  if (part.const !== undefined) return `\`${String(part.const)}\``;
  if (part.enum !== undefined) return part.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (part.properties !== undefined) return isRange(part) ? 'min and max' : 'mapping';
  // What is read as text may be written as a number or a truth value.
  if (Array.isArray(part.type)) return part.type.includes('string') ? 'text' : part.type.join(' or ');
  if (part.type === 'array')
    return part.prefixItems ? 'two numbers' : `list of ${part.items ? kindOf(part.items) : 'anything'}`;
  if (part.type === 'object') return 'mapping';
  if (part.pattern?.includes('ms|s|m|h')) return 'duration';
  const names: Record<string, string> = {
    string: 'text',
    number: 'number',
    integer: 'number',
    boolean: 'true or false',
  };
  return names[part.type ?? ''] ?? 'anything';
}
