import { z } from 'zod';
import { GRADERS } from '../../../graders/registry.ts';
import { checkSchema } from '../check-schema.ts';
import { faultsSchema } from '../fault.ts';
import { frontMatterSchema } from '../front-matter.ts';
import { quizSchema } from '../quiz.ts';

type Json = Record<string, unknown>;

/** In a lab file a name may stand wherever a number, a truth value or a choice is wanted. */
const REFERENCE = { type: 'string', pattern: '^\\{\\{\\s*[A-Za-z_][\\w-]*\\s*\\}\\}$' };

/** JSON Schemas of the YAML in lab files, for editors, by the name of the file that they are written to. */
export function editorSchemas(): Record<string, Json> {
  const checks = [...GRADERS.keys()].map((name) => withReferences(toJson(checkSchema(name) ?? z.never())));
  return {
    'front-matter': toJson(frontMatterSchema),
    check: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'array',
      items: { anyOf: checks.map(({ $schema: _, ...schema }) => schema) },
    },
    quiz: withReferences(toJson(quizSchema)),
    fault: withReferences(toJson(faultsSchema)),
  };
}

function toJson(schema: z.ZodType): Json {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Json;
}

/** The same schema, with a reference allowed for every number, truth value and choice. */
function withReferences(schema: Json): Json {
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, mapInside(value)]));
  const { description, ...rest } = inner;
  const plain = ['number', 'integer', 'boolean'].includes(String(schema.type)) || 'enum' in schema;
  if (!plain) return inner;
  return { ...(description === undefined ? {} : { description }), anyOf: [rest, REFERENCE] };
}

function mapInside(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => (isSchema(item) ? withReferences(item) : item));
  if (!isSchema(value)) return value;
  const isMapOfSchemas = Object.values(value).every((item) => isSchema(item)) && !('type' in value);
  if (!isMapOfSchemas) return withReferences(value);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, isSchema(item) ? withReferences(item) : item]),
  );
}

function isSchema(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
