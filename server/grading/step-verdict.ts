import type { Domain } from '../labs/front-matter.ts';
import type { LabStep } from '../labs/lab.ts';
import type { SourcePosition } from '../labs/lab-problem.ts';
import type { Verdict } from './verdict.ts';

export interface CheckVerdict extends Verdict {
  grader: string;
  title: string | undefined;
  /** Its weight within the step. */
  weight: number;
  /** It is there to hold all the time, before the step as well. */
  guard: boolean;
  position: SourcePosition;
  /** The exam's domain that it counts for. */
  domain: Domain | undefined;
}

export interface Points {
  earned: number;
  /** What could be earned here: what cannot be observed is not in it. */
  possible: number;
  unobservable: number;
}

/**
 * passed: every check that can be observed passes, and there is one. failed: one does not. unobservable: none can be observed. error:
 * grading itself failed for one. unchecked: the step has no checks.
 */
export type StepOutcome = 'passed' | 'failed' | 'unobservable' | 'error' | 'unchecked';

export interface StepVerdict {
  id: string;
  title: string;
  outcome: StepOutcome;
  points: Points;
  checks: CheckVerdict[];
}

/** Sums up a step: partial credit by the weights of its checks. */
export function judgeStep(step: Pick<LabStep, 'id' | 'title' | 'points'>, checks: CheckVerdict[]): StepVerdict {
  return { id: step.id, title: step.title, outcome: outcomeOf(checks), points: pointsOf(step.points, checks), checks };
}

function outcomeOf(checks: readonly CheckVerdict[]): StepOutcome {
  if (checks.length === 0) return 'unchecked';
  if (checks.some((check) => check.outcome === 'error')) return 'error';
  const observed = checks.filter((check) => check.outcome !== 'unobservable');
  if (observed.length === 0) return 'unobservable';
  return observed.every((check) => check.outcome === 'pass') ? 'passed' : 'failed';
}

function pointsOf(points: number, checks: readonly CheckVerdict[]): Points {
  const total = checks.reduce((sum, check) => sum + check.weight, 0);
  if (total === 0) return { earned: 0, possible: 0, unobservable: 0 };
  const worth = (outcomes: readonly string[]) =>
    round((points * sumOf(checks.filter((check) => outcomes.includes(check.outcome)))) / total);
  const unobservable = worth(['unobservable', 'error']);
  return { earned: worth(['pass']), possible: round(points - unobservable), unobservable };
}

const sumOf = (checks: readonly CheckVerdict[]) => checks.reduce((sum, check) => sum + check.weight, 0);
const round = (points: number) => Math.round(points * 100) / 100;

/** Adds up points. */
export function addPoints(all: readonly Points[]): Points {
  return all.reduce(
    (sum, { earned, possible, unobservable }) => ({
      earned: round(sum.earned + earned),
      possible: round(sum.possible + possible),
      unobservable: round(sum.unobservable + unobservable),
    }),
    { earned: 0, possible: 0, unobservable: 0 },
  );
}
