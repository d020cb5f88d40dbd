import type { SwarmlabError } from '../../errors/swarmlab-error.ts';
import type { Lab } from '../../labs/lab.ts';
import { drawVariables } from '../../labs/variables.ts';
import type { GradeReport } from './grade-report.ts';
import { notReached, sumUp } from './sum-up.ts';

/** The report when there was no cluster to grade on: nothing was reached, and nobody failed. */
export function reportNoCluster(facts: {
  lab: Lab;
  seed: string;
  submission: GradeReport['submission'];
  only: string | undefined;
  cluster: string;
  realTime: boolean;
  error: SwarmlabError;
  now: string;
}): GradeReport {
  const { lab, seed, only, error, now } = facts;
  const variables = drawVariables(lab.vars, seed);
  const steps = lab.steps
    .filter((step) => only === undefined || step.id === only)
    .map((step) => notReached(step, variables));
  return {
    version: 1,
    lab: { name: lab.name, title: lab.title, file: lab.file, hash: lab.hash },
    seed,
    variables: { ...variables },
    cluster: { name: facts.cluster },
    submission: facts.submission,
    started: now,
    finished: now,
    realTime: facts.realTime,
    shortened: 0,
    steps,
    ...sumUp(steps, `${error.message}${error.next === undefined ? '' : ` (${error.next})`}`, lab.exam),
  };
}
