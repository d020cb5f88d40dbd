import { z } from 'zod';
import { gradeReportSchema } from '../report/grade-report.ts';
import { witnessedRequestSchema } from '../witnessed-request.ts';

const variables = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

/** What was read in one look: the question, and the key of the answer among the bundle's blobs. */
const reads = z.record(z.string(), z.string());

const look = z.object({
  at: z.number(),
  judgedAt: z.number().describe('When the look was over, in milliseconds since the epoch.'),
  reads,
});

const round = z.object({
  began: z.number(),
  withinAtMost: z.number().optional(),
  looks: z.array(look),
});

const step = z.object({
  id: z.string(),
  variables: variables.describe('Names known when the step began.'),
  answers: z.record(z.string(), z.array(z.string())),
  requestsAfter: z.record(z.string(), z.number()),
  absences: look.optional().describe('What was looked at before anything was done.'),
  rounds: z.array(round).describe('Rounds of looking in the order in which they began; the last one gave the verdict.'),
});

/** Everything that is needed to judge a submission again without its cluster, and to look into a dispute. */
export const evidenceSchema = z.object({
  version: z.literal(1),
  swarmlab: z.string(),
  node: z.string(),
  lab: z.object({ file: z.string(), hash: z.string(), source: z.string() }),
  report: gradeReportSchema,
  cluster: z.object({
    nodes: z.array(z.object({ name: z.string(), hostname: z.string(), address: z.string(), engine: z.boolean() })),
    /** What could be done besides reading. */
    can: z.object({ exec: z.boolean(), requests: z.boolean() }),
  }),
  engines: z.record(z.string(), z.unknown()).optional().describe("The versions of the nodes' engines."),
  before: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('What the cluster was made of before the first step, by path.'),
  after: z.record(z.string(), z.unknown()).optional().describe('The same after the last one.'),
  events: z.record(z.string(), z.unknown()).optional().describe('What each engine told as events meanwhile.'),
  steps: z.array(step),
  requests: z.record(z.string(), z.array(witnessedRequestSchema)).describe("Each node's requests, all of them."),
  blobs: z.record(z.string(), z.string()),
});

export type Evidence = z.infer<typeof evidenceSchema>;
export type StepRecord = z.infer<typeof step>;
export type LookRecord = z.infer<typeof look>;
