import { z } from 'zod';
import { GRADERS } from '../../graders/registry.ts';
import { durationSchema } from './duration.ts';
import type { CheckSource } from './lab.ts';
import { expandValue, type Variables } from './template.ts';

/** How long a check waits for what it wants, when it does not say. */
export const DEFAULT_WITHIN = 30_000;

/** Nobody waits longer than this for a check. */
const LONGEST_WAIT = 3_600_000;
const waitSchema = durationSchema.refine((wait) => wait <= LONGEST_WAIT, 'expected at most 1h');

/** What every check may say besides what it is about. */
export const timingFields = {
  title: z.string().optional().describe('What the student has achieved when it passes, in a few words.'),
  points: z.number().nonnegative().optional().describe("Its weight among the step's checks; 1 when left out."),
  within: waitSchema.optional().describe('How long to wait for it (eventually); 30s when left out.'),
  stable: waitSchema.optional().describe('It must hold for this long without a break.'),
  never: z
    .union([z.literal(true), waitSchema])
    .optional()
    .describe('It must not have been so since the step began, nor become so during this time.'),
  reached: z
    .literal(true)
    .optional()
    .describe('It was so at some time since the step began; it need not be so any more.'),
  edge: z
    .literal(true)
    .optional()
    .describe('Once it was seen to pass it stays passed. Without it a check must hold now.'),
  already: z
    .literal(true)
    .optional()
    .describe('It holds before the step too, and must not be broken by it; `prove` accepts that it passes early.'),
};

const timingSchema = z.object(timingFields);
export type CheckTiming = z.output<typeof timingSchema>;

type CheckSchema = z.ZodType<Record<string, unknown>>;
const schemas = new Map<string, CheckSchema>();

/** The schema of a check of one grader: the grader's fields and what all checks share. */
export function checkSchema(grader: string): CheckSchema | undefined {
  const found = GRADERS.get(grader);
  if (found === undefined) return undefined;
  const known = schemas.get(grader);
  if (known !== undefined) return known;
  const schema = z
    .strictObject({ ...found.fields, ...timingFields })
    .refine(
      (check) => [check.stable, check.never, check.reached].filter((mode) => mode !== undefined).length <= 1,
      'expected only one of stable, never, reached',
    );
  schemas.set(grader, schema);
  return schema;
}

/** A check with its names put in, ready to be judged. */
export interface CheckToRun {
  grader: string;
  /** What the grader gets. */
  value: Readonly<Record<string, unknown>>;
  timing: CheckTiming;
}

/** Splits a check into its grader's part and its timing, with the names put in that are known. */
export function prepareCheck(source: CheckSource, variables: Variables): CheckToRun {
  const value: Record<string, unknown> = {};
  const timing: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(source.value)) {
    const expanded = expandValue(item, variables);
    if (key in timingFields) timing[key] = expanded;
    else value[key] = expanded;
  }
  return { grader: source.grader, value, timing: timingSchema.parse(timing) };
}

/** The names that a check gives to what it finds (`as: port`). */
export function boundNames(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(boundNames);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    key === 'as' && typeof item === 'string' ? [item] : boundNames(item),
  );
}
