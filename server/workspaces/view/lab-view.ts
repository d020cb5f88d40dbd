import { z } from 'zod';
import { prose } from './prose.ts';

/** A lab in the list of labs. */
export const labSummary = z.object({
  name: z.string(),
  title: z.string(),
  summary: z.string(),
  minutes: z.number(),
  domain: z.string(),
  steps: z.number(),
  points: z.number(),
  /** The same lab under other conditions. */
  variants: z.array(z.object({ name: z.string(), summary: z.string() })),
  /** Whether the signed-in user has a workspace for it, and how far they are. */
  workspace: z.object({ id: z.string(), stepsPassed: z.number(), points: z.number() }).optional(),
});
export type LabSummary = z.infer<typeof labSummary>;

/** A quiz item without anything that says which answer is right. */
const quizView = z.object({
  id: z.string(),
  ask: z.array(prose),
  style: z.enum(['choice', 'domc', 'text']),
  /** Empty for text, and for DOMC, whose options the server shows one at a time. */
  options: z.array(z.string()),
  /** Whether more than one option may be chosen. */
  several: z.boolean(),
});
export type QuizView = z.infer<typeof quizView>;

const blockView = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('prose'), nodes: z.array(prose) }),
  /** Shown with a button that types it into that node's terminal. */
  z.object({ kind: z.literal('run'), node: z.string(), script: z.string(), endless: z.boolean() }),
  z.object({ kind: z.literal('quiz'), items: z.array(quizView) }),
]);
export type BlockView = z.infer<typeof blockView>;

const stepView = z.object({
  id: z.string(),
  title: z.string(),
  /** The language that it reads in, where that is not the page's. */
  language: z.string().optional(),
  points: z.number(),
  /** The exam's domain that it counts for. */
  domain: z.string(),
  blocks: z.array(blockView),
  /** How many checks decide the step; 0: it is read and ticked off. */
  checks: z.number(),
  hints: z.number(),
});
export type StepView = z.infer<typeof stepView>;

/** A lab for display: variables put in, solutions, wrong solutions, checks and right answers left out. */
export const labView = z.object({
  name: z.string(),
  title: z.string(),
  summary: z.string(),
  minutes: z.number(),
  introduction: z.array(prose),
  /** Of an exam: how long it takes, and which share of the points passes. */
  exam: z.object({ minutes: z.number(), pass: z.number() }).optional(),
  steps: z.array(stepView),
});
export type LabView = z.infer<typeof labView>;
