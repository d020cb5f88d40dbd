import { z } from 'zod';
import { DOMAINS } from '../../labs/front-matter.ts';
import { OUTCOMES } from '../verdict.ts';

/** The published shape of a grading report (`grade --format json`); fields are added, never changed. */
const points = z.object({
  earned: z.number(),
  possible: z.number().describe('What could be earned where it was graded: what cannot be observed is not in it.'),
  unobservable: z.number(),
});

const check = z.object({
  grader: z.string(),
  title: z.string().optional(),
  weight: z.number().describe("The check's share of the step's points."),
  line: z.number().describe('Where it stands in the lab file.'),
  domain: z.enum(DOMAINS).optional().describe('The domain of the exam that it counts for.'),
  outcome: z.enum(OUTCOMES),
  subject: z.string(),
  expected: z.string(),
  observed: z.string(),
  because: z.string().optional(),
  next: z.string().optional(),
});

const command = z.object({
  node: z.string(),
  script: z.string(),
  exitCode: z.number().nullable().describe('null when it was ended from outside.'),
  ended: z.enum(['limit', 'asked']).optional(),
  output: z.string().describe('Its beginning; both streams.'),
});

const step = z.object({
  id: z.string(),
  title: z.string(),
  outcome: z.enum(['passed', 'failed', 'unobservable', 'error', 'unchecked', 'not-reached']),
  points,
  checks: z.array(check),
  commands: z.array(command),
});

export const gradeReportSchema = z.object({
  version: z.literal(1),
  lab: z.object({ name: z.string(), title: z.string(), file: z.string(), hash: z.string() }),
  variant: z.string().optional(),
  seed: z.string(),
  variables: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  cluster: z.object({
    name: z.string(),
    orchestrator: z.enum(['builtin', 'swarm']).optional(),
  }),
  submission: z.enum(['solution', 'script', 'state']).describe('state: the cluster was graded as it stood.'),
  started: z.string(),
  finished: z.string(),
  realTime: z.boolean().describe('Whether the docker client waited as long as it does for a person.'),
  shortened: z.number().describe('How many waits of the docker client were shortened.'),
  steps: z.array(step),
  points,
  domains: z
    .partialRecord(z.enum(DOMAINS), z.object({ earned: z.number(), possible: z.number() }))
    .optional()
    .describe('The points by the domains of the exam.'),
  exam: z
    .object({
      minutes: z.number(),
      share: z.number().describe('The share of the possible points that was earned, from 0 to 1.'),
      pass: z.number().describe('The share that passes.'),
    })
    .optional()
    .describe('There when the lab is an exam: it is passed by a share of its points.'),
  outcome: z.enum(['passed', 'failed', 'infrastructure']),
  exitCode: z.union([z.literal(0), z.literal(1), z.literal(3)]),
  reason: z
    .string()
    .optional()
    .describe('Why it ended so, where that is not for a check to say: what failed when it was not the student.'),
});

export type GradeReport = z.infer<typeof gradeReportSchema>;
export type StepReport = z.infer<typeof step>;
export type CheckReport = z.infer<typeof check>;
