import { z } from 'zod';
import { labView } from './lab-view.ts';
import { prose } from './prose.ts';

/** What a check found; as grading words it. */
export const verdictView = z.object({
  outcome: z.enum(['pass', 'not-yet', 'wrong', 'unobservable', 'error']),
  /** What the author calls it, if anything. */
  title: z.string().optional(),
  /** The language of the title, where that is not the page's. */
  language: z.string().optional(),
  subject: z.string(),
  expected: z.string(),
  observed: z.string(),
  because: z.string().optional(),
  next: z.string().optional(),
});
export type VerdictView = z.infer<typeof verdictView>;

/** How a step stands for this student. */
export const stepProgress = z.object({
  step: z.string(),
  passed: z.boolean(),
  points: z.number(),
  /** A check that was asked for is going on. */
  checking: z.boolean(),
  /** A check of the step was asked for: from then on what is missing is told in full, as the cluster changes too. */
  checked: z.boolean(),
  verdicts: z.array(verdictView),
  /** The hints asked for until now, in order. */
  hints: z.array(z.array(prose)),
});
export type StepProgress = z.infer<typeof stepProgress>;

const workspaceNode = z.object({ name: z.string(), hostname: z.string(), address: z.string() });

/** A bit of the way to a cluster, in words. */
const creationProgress = z.object({ text: z.string() });
export type CreationProgress = z.infer<typeof creationProgress>;

export const clusterStatus = z.object({
  name: z.string(),
  phase: z.enum(['creating', 'ready', 'failed', 'removing']),
  kind: z.enum(['dind', 'embedded']).optional(),
  orchestrator: z.enum(['builtin', 'swarm']).optional(),
  nodes: z.array(workspaceNode),
  progress: z.array(creationProgress),
  /** Why it failed, and what to do about it. */
  error: z.object({ code: z.string(), message: z.string(), next: z.string().optional() }).optional(),
});
export type ClusterStatus = z.infer<typeof clusterStatus>;

export const terminalView = z.object({ id: z.string(), node: z.string() });
export type TerminalView = z.infer<typeof terminalView>;

/** The option of a DOMC question that is to be judged now; none when all have been. */
export const domcView = z.object({
  item: z.string(),
  /** Judged until now. */
  judged: z.number(),
  of: z.number(),
  option: z.string().optional(),
});
export type DomcView = z.infer<typeof domcView>;

export const workspaceView = z.object({
  id: z.string(),
  lab: labView,
  /** The language that the lab is shown in, and those that it can be shown in. */
  language: z.string(),
  languages: z.array(z.string()),
  /** When the student began, and the server's time when this was said: milliseconds since the epoch. */
  startedAt: z.number(),
  now: z.number(),
  cluster: clusterStatus,
  terminals: z.array(terminalView),
  progress: z.array(stepProgress),
  /** The student's answers to the questions of the lab, by item. */
  answers: z.record(z.string(), z.array(z.string())),
  domc: z.array(domcView),
});
export type WorkspaceView = z.infer<typeof workspaceView>;
