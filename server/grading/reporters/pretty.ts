import type { CheckReport, GradeReport, StepReport } from '../report/grade-report.ts';
import { describeVerdict } from '../verdict.ts';

const STEP_SIGNS: Record<StepReport['outcome'], string> = {
  passed: '✓',
  failed: '✗',
  unobservable: '?',
  error: '!',
  unchecked: '-',
  'not-reached': '.',
};
const CHECK_SIGNS: Record<CheckReport['outcome'], string> = {
  pass: '✓',
  'not-yet': '…',
  wrong: '✗',
  unobservable: '?',
  error: '!',
};

/** For people: a line per step, and every check that did not pass with its reason. */
export function reportPretty(report: GradeReport): string {
  const { lab, points } = report;
  const lines = [`${lab.title} (${lab.name}, seed ${report.seed})`, ''];
  for (const step of report.steps) lines.push(...prettyStep(step));
  lines.push('', `${points.earned} of ${points.possible} points`);
  lines.push(...prettyDomains(report));
  if (points.unobservable > 0) lines.push(`${points.unobservable} more could not be observed here`);
  if (report.shortened > 0)
    lines.push(
      `The docker client's watching of services was cut short ${times(report.shortened)}; --real-time lets it wait.`,
    );
  lines.push(verdictLine(report));
  return `${lines.map(plain).join('\n')}\n`;
}

/** A step as one line, with its checks below where it is not simply passed. */
export function prettyStep(step: StepReport): string[] {
  const { earned, possible } = step.points;
  const head = `${STEP_SIGNS[step.outcome]} ${step.title}${step.outcome === 'not-reached' ? ' (not reached)' : ` (${earned}/${possible})`}`;
  const told = step.checks.filter((check) => check.outcome !== 'pass');
  return [head, ...told.map((check) => `    ${CHECK_SIGNS[check.outcome]} ${describeVerdict(check)}`)].map(plain);
}

/** Points by domain where there is more than one, and what an exam wants. */
function prettyDomains({ domains = {}, exam }: GradeReport): string[] {
  const percent = (share: number) => `${Math.round(share * 100)} %`;
  const rows = Object.entries(domains).map(
    ([domain, { earned, possible }]) =>
      `  ${domain.padEnd(14)} ${earned} of ${possible} (${percent(earned / possible)})`,
  );
  return [
    ...(rows.length > 1 ? rows : []),
    ...(exam === undefined ? [] : [`${percent(exam.share)}; ${percent(exam.pass)} passes`]),
  ];
}

function verdictLine(report: GradeReport): string {
  switch (report.outcome) {
    case 'passed':
      return 'Passed.';
    case 'failed':
      return report.reason === undefined ? 'Not passed.' : `Not passed: ${report.reason}.`;
    case 'infrastructure':
      return `Could not be graded: ${report.reason ?? 'unknown reason'}. This is no failure of the student.`;
  }
}

/** A line of text as it may go to a terminal: what students write can neither move the cursor nor begin a line of its own. */
const plain = (line: string) =>
  line.replace(/[\r\n\t]+/g, ' ').replace(/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/gu, '\uFFFD');

const times = (number: number) => (number === 1 ? 'once' : `${number} times`);
