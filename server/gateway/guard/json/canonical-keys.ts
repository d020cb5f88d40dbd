import { z } from 'zod';
import { unclear } from '../refusal.ts';
import type { JsonObject, JsonValue } from './strict-json.ts';

/**
 * The same value with the keys of every struct spelled as its schema spells them. Go finds a struct's field without regard to case,
 * and folds a few characters from beyond ASCII as well: `pRIVILEGED` is Privileged, and so is a key written with the Kelvin sign for
 * its k. A key that stands for a field twice, or for none, is refused. Keys of maps (labels) are left alone.
 */
export function canonicalKeys(value: JsonValue, schema: z.ZodType, path = ''): JsonValue {
  const bare = unwrap(schema);
  if (value === null || typeof value !== 'object') return value;
  if (bare instanceof z.ZodArray && Array.isArray(value)) {
    const element = bare.element as z.ZodType;
    return value.map((item, index) => canonicalKeys(item, element, `${path}[${index}]`));
  }
  if (Array.isArray(value)) return value;
  if (bare instanceof z.ZodRecord) {
    const element = bare.valueType as z.ZodType;
    return mapValues(value, (item, key) => canonicalKeys(item, element, `${path}.${key}`));
  }
  if (bare instanceof z.ZodObject) return structKeys(value, bare.shape, path);
  return value;
}

function structKeys(value: JsonObject, shape: Record<string, z.ZodType>, path: string): JsonObject {
  const fields = new Map(Object.keys(shape).map((name) => [foldKey(name), name]));
  const struct: JsonObject = {};
  for (const [key, item] of Object.entries(value)) {
    const name = fields.get(foldKey(key));
    const schema = name === undefined ? undefined : shape[name];
    if (name === undefined || schema === undefined) throw unclear(`the key "${join(path, key)}" is not known here`);
    if (name in struct) throw unclear(`the key "${join(path, name)}" is there twice`);
    struct[name] = canonicalKeys(item, schema, join(path, name));
  }
  return struct;
}

/** Brings a key to the form in which Go compares it with a field's name. */
export function foldKey(key: string): string {
  return key
    .replace(/\u212a/g, 'k')
    .replace(/\u017f/g, 's')
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** Takes off what a schema is wrapped in: optional, nullable, and functions before or after. */
function unwrap(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return unwrap(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodPipe) {
    const inner = schema.in instanceof z.ZodTransform ? schema.out : schema.in;
    return unwrap(inner as z.ZodType);
  }
  return schema;
}

function mapValues(value: JsonObject, change: (item: JsonValue, key: string) => JsonValue): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, change(item, key)]));
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}
