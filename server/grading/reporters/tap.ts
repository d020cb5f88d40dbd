import type { CheckReport, GradeReport } from '../report/grade-report.ts';
import { describeVerdict } from '../verdict.ts';

/** TAP 14: a test point per check; what cannot be observed is skipped, a breakdown bails out. */
export function reportTap(report: GradeReport): string {
  const points = report.steps.flatMap((step) => step.checks.map((check) => ({ step, check })));
  const lines = ['TAP version 14', `1..${points.length}`];
  for (const [index, { step, check }] of points.entries()) {
    const ok = check.outcome === 'pass' || check.outcome === 'unobservable';
    const skip = check.outcome === 'unobservable' ? ` # SKIP ${clean(check.because ?? 'cannot be observed')}` : '';
    lines.push(`${ok ? 'ok' : 'not ok'} ${index + 1} - ${clean(`${step.id}: ${check.title ?? check.subject}`)}${skip}`);
    if (!ok) lines.push(...diagnosis(check));
  }
  if (report.outcome === 'infrastructure') lines.push(`Bail out! ${clean(report.reason ?? '')}`);
  return `${lines.join('\n')}\n`;
}

function diagnosis(check: CheckReport): string[] {
  const fields = {
    outcome: check.outcome,
    message: describeVerdict(check),
    expected: check.expected,
    observed: check.observed,
  };
  return ['  ---', ...Object.entries(fields).map(([key, value]) => `  ${key}: ${JSON.stringify(value)}`), '  ...'];
}

/** TAP gives `#` and line breaks a meaning of its own. */
const clean = (text: string) => text.replace(/\\/g, '\\\\').replace(/#/g, '\\#').replace(/\s+/g, ' ');
