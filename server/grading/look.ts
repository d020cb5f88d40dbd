import { ZodError, z } from 'zod';
import { GRADERS } from '../../graders/registry.ts';
import { type CheckToRun, prepareCheck } from '../labs/check-schema.ts';
import type { CheckSource } from '../labs/lab.ts';
import { LabMistake } from '../labs/lab-mistake.ts';
import { expandValue, missingNames, type Variables } from '../labs/template.ts';
import type { ClusterView } from './cluster-view.ts';
import { ClusterUnreachable, type Judgement, SwarmUnavailable, Unobservable, type Verdict } from './verdict.ts';

/** What one look said about each check, in their order, and every name known after it. */
export interface Look {
  verdicts: Verdict[];
  variables: Variables;
}

/** Judges a check; probes may answer from what they saw a moment ago. */
export type Judge = (check: CheckToRun, view: ClusterView) => Promise<Judgement>;

/** Judges by looking, always. */
export const judgeNow: Judge = (check, view) => {
  const grader = GRADERS.get(check.grader);
  if (grader === undefined) throw new Error(`there is no grader called ${check.grader}`);
  return grader.judge(check.value, view);
};

/**
 * Judges all checks of a step in one look at the cluster. Checks that need a name which another one finds wait for that one; if it does
 * not find it, they fail for the same reason.
 */
export async function lookAt(
  checks: readonly CheckSource[],
  view: ClusterView,
  known: Variables,
  judge: Judge = judgeNow,
): Promise<Look> {
  const verdicts = new Map<number, Verdict>();
  let variables = known;
  for (;;) {
    const ready = [...checks.entries()].filter(
      ([index, check]) => !verdicts.has(index) && missingNames(check.value, variables).length === 0,
    );
    if (ready.length === 0) break;
    const judged = await Promise.all(
      ready.map(async ([index, check]) => [index, await judgeSafely(check, view, variables, judge)] as const),
    );
    for (const [index, { bindings, ...verdict }] of judged) {
      verdicts.set(index, verdict);
      variables = { ...variables, ...bindings };
    }
  }
  return {
    verdicts: checks.map((check, index) => verdicts.get(index) ?? waitingFor(check, variables, [...verdicts.values()])),
    variables,
  };
}

type Judged = Verdict & { bindings?: Variables };

async function judgeSafely(
  source: CheckSource,
  view: ClusterView,
  variables: Variables,
  judge: Judge,
): Promise<Judged> {
  const subject = subjectOf(source, variables);
  try {
    return await judge(prepareCheck(source, variables), view);
  } catch (error) {
    if (error instanceof Unobservable)
      return {
        outcome: 'unobservable',
        subject,
        expected: 'to be seen',
        observed: 'cannot be seen',
        because: error.message,
      };
    if (error instanceof SwarmUnavailable)
      return {
        outcome: 'wrong',
        subject,
        expected: 'a Swarm with a manager that answers',
        observed: 'no manager answers',
        because: error.message,
        next: 'Look at `docker info` and `docker node ls`.',
      };
    return {
      outcome: 'error',
      subject,
      expected: 'to be graded',
      observed: 'could not be graded',
      because: reasonOf(error),
      ...(error instanceof LabMistake ? { blame: 'lab' } : {}),
    };
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof ClusterUnreachable) return error.message;
  if (error instanceof ZodError) return z.prettifyError(error);
  return error instanceof Error ? error.message : String(error);
}

function waitingFor(check: CheckSource, variables: Variables, others: readonly Verdict[]): Verdict {
  const names = [...new Set(missingNames(check.value, variables))];
  const outcome = others.some((verdict) => verdict.outcome === 'unobservable' || verdict.outcome === 'error')
    ? 'unobservable'
    : others.some((verdict) => verdict.outcome === 'not-yet')
      ? 'not-yet'
      : 'wrong';
  return {
    outcome,
    subject: subjectOf(check, variables),
    expected: 'to be checked',
    observed: 'not checked',
    because: `it needs \`${names.join('`, `')}\`, which an earlier check has not found`,
  };
}

function subjectOf(check: CheckSource, variables: Variables): string {
  const about = expandValue(check.value[check.grader], variables);
  return typeof about === 'string' && about.length < 60 ? `${check.grader} ${about}` : check.grader;
}
