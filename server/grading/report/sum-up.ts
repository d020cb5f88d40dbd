import { DOMAINS, type Domain, type LabExam } from '../../labs/front-matter.ts';
import type { LabStep } from '../../labs/lab.ts';
import { expandText, type Variables } from '../../labs/template.ts';
import { addPoints, type StepVerdict } from '../step-verdict.ts';
import type { PartResult } from '../submission/run-part.ts';
import type { GradeReport, StepReport } from './grade-report.ts';

/** A step's part of the report. */
export function reportStep(verdict: StepVerdict, parts: readonly PartResult[]): StepReport {
  return {
    id: verdict.id,
    title: verdict.title,
    outcome: verdict.outcome,
    points: verdict.points,
    checks: verdict.checks.map(({ position, title, domain, guard: _, blame: __, ...check }) => ({
      ...check,
      ...(title === undefined ? {} : { title }),
      ...(domain === undefined ? {} : { domain }),
      line: position.line,
    })),
    commands: parts.map(({ node, script, exitCode, ended, output }) => ({
      node,
      script,
      exitCode: exitCode ?? null,
      ...(ended === undefined ? {} : { ended }),
      output,
    })),
  };
}

/** A step that grading did not come to. */
export function notReached(step: LabStep, variables: Variables): StepReport {
  return {
    id: step.id,
    title: expandText(step.title, variables),
    outcome: 'not-reached',
    points: { earned: 0, possible: 0, unobservable: step.points },
    checks: [],
    commands: [],
  };
}

/**
 * The result of the whole: passed when every step that could be observed passed and there was one, an exam when enough of its points were
 * earned; failed when not; and infrastructure when grading broke down or saw nothing at all, which is nobody's failure.
 */
export function sumUp(
  steps: readonly StepReport[],
  breakdown: string | undefined,
  exam?: LabExam,
): Pick<GradeReport, 'points' | 'domains' | 'exam' | 'outcome' | 'exitCode' | 'reason'> {
  const share = shareOf(steps);
  const sums = {
    points: addPoints(steps.map((step) => step.points)),
    domains: sumDomains(steps),
    ...(exam === undefined ? {} : { exam: { minutes: exam.minutes, share, pass: exam.pass } }),
  };
  const broken = breakdown ?? steps.flatMap((step) => step.checks).find((check) => check.outcome === 'error')?.because;
  if (broken !== undefined) return { ...sums, outcome: 'infrastructure', exitCode: 3, reason: broken };
  if (exam !== undefined && sums.points.possible > 0)
    return share >= exam.pass
      ? { ...sums, outcome: 'passed', exitCode: 0 }
      : { ...sums, outcome: 'failed', exitCode: 1 };
  if (steps.some((step) => step.outcome === 'failed')) return { ...sums, outcome: 'failed', exitCode: 1 };
  if (steps.some((step) => step.outcome === 'passed')) return { ...sums, outcome: 'passed', exitCode: 0 };
  return { ...sums, outcome: 'infrastructure', exitCode: 3, reason: 'nothing could be observed on this cluster' };
}

/** Where somebody did nothing, nothing was achieved: a lab that passes on a fresh cluster must not make it so. */
export function refuseNothing(did: boolean, sums: ReturnType<typeof sumUp>): ReturnType<typeof sumUp> {
  if (did || sums.outcome !== 'passed') return sums;
  const reason = 'the script neither does nor answers anything; `swarmlab prove` shows what holds without it';
  return { ...sums, outcome: 'failed', exitCode: 1, reason };
}

const round = (number: number, places: number) => Math.round(number * 10 ** places) / 10 ** places;

function shareOf(steps: readonly StepReport[]): number {
  const { earned, possible } = addPoints(steps.map((step) => step.points));
  return possible === 0 ? 0 : round(earned / possible, 4);
}

/** Points by domain: each check has its weight's share of its step's points. */
function sumDomains(steps: readonly StepReport[]): NonNullable<GradeReport['domains']> {
  const sums = new Map<Domain, { earned: number; possible: number }>();
  for (const { points, checks } of steps) {
    const worth = points.possible + points.unobservable;
    const weights = checks.reduce((sum, check) => sum + check.weight, 0);
    for (const { domain, outcome, weight } of checks) {
      if (domain === undefined || weights === 0 || outcome === 'unobservable' || outcome === 'error') continue;
      const sum = sums.get(domain) ?? { earned: 0, possible: 0 };
      const share = (worth * weight) / weights;
      sums.set(domain, { earned: sum.earned + (outcome === 'pass' ? share : 0), possible: sum.possible + share });
    }
  }
  return Object.fromEntries(
    DOMAINS.flatMap((domain) => {
      const sum = sums.get(domain);
      return sum === undefined ? [] : [[domain, { earned: round(sum.earned, 2), possible: round(sum.possible, 2) }]];
    }),
  );
}
