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
    checks: verdict.checks.map(({ position, title, guard: _, ...check }) => ({
      ...check,
      ...(title === undefined ? {} : { title }),
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
 * The result of the whole: passed when every step that could be observed passed and there was one; failed when one did not; and
 * infrastructure when grading broke down or saw nothing at all, which is nobody's failure.
 */
export function sumUp(
  steps: readonly StepReport[],
  breakdown: string | undefined,
): Pick<GradeReport, 'points' | 'outcome' | 'exitCode' | 'reason'> {
  const points = addPoints(steps.map((step) => step.points));
  const broken = breakdown ?? steps.flatMap((step) => step.checks).find((check) => check.outcome === 'error')?.because;
  if (broken !== undefined) return { points, outcome: 'infrastructure', exitCode: 3, reason: broken };
  if (steps.some((step) => step.outcome === 'failed')) return { points, outcome: 'failed', exitCode: 1 };
  if (steps.some((step) => step.outcome === 'passed')) return { points, outcome: 'passed', exitCode: 0 };
  return { points, outcome: 'infrastructure', exitCode: 3, reason: 'nothing could be observed on this cluster' };
}
