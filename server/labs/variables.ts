import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Variables, VariableValue } from './template.ts';

const valueSchema = z.union([z.string(), z.number(), z.boolean()]);

/** How a variable gets its value: fixed, one of some, or a whole number from a range (both ends included). */
export const variableSchema = z.union([
  valueSchema,
  z.strictObject({ pick: z.array(valueSchema).min(1).describe('One of these, drawn by the seed.') }),
  z.strictObject({
    range: z
      .tuple([z.number().int(), z.number().int()])
      .refine(([low, high]) => low <= high, 'expected the smaller number first')
      .describe('A whole number between the two, both included, drawn by the seed.'),
  }),
]);

export type VariableSource = z.infer<typeof variableSchema>;

/**
 * A number from 0 up to (not including) 1 that depends on nothing but the seed and the name: a variable added to a lab does not change
 * what the others draw.
 */
function draw(seed: string, name: string): number {
  const digest = createHash('sha256').update(`${seed}\n${name}`).digest();
  return digest.readUInt32BE(0) / 2 ** 32;
}

/** Draws every variable of a lab for one seed. The same seed gives the same values on every machine. */
export function drawVariables(sources: Readonly<Record<string, VariableSource>>, seed: string): Variables {
  const values: Record<string, VariableValue> = {};
  for (const [name, source] of Object.entries(sources)) {
    if (typeof source !== 'object') {
      values[name] = source;
    } else if ('pick' in source) {
      const picked = source.pick[Math.floor(draw(seed, name) * source.pick.length)];
      if (picked !== undefined) values[name] = picked;
    } else {
      const [low, high] = source.range;
      values[name] = low + Math.floor(draw(seed, name) * (high - low + 1));
    }
  }
  return values;
}
