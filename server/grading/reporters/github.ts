import type { GradeReport } from '../report/grade-report.ts';
import { describeVerdict } from '../verdict.ts';

/** Workflow commands of GitHub Actions: an annotation for each check that did not pass. */
export function reportGithub(report: GradeReport): string {
  const lines = report.steps.flatMap((step) =>
    step.checks
      .filter((check) => check.outcome !== 'pass')
      .map((check) => {
        const level = check.outcome === 'unobservable' ? 'notice' : check.outcome === 'error' ? 'warning' : 'error';
        const title = property(`${report.lab.name}: ${step.title}`);
        return `::${level} file=${property(report.lab.file)},line=${check.line},title=${title}::${message(describeVerdict(check))}`;
      }),
  );
  if (report.outcome === 'infrastructure')
    lines.push(
      `::warning title=${property(report.lab.name)}::${message(`could not be graded: ${report.reason ?? ''}`)}`,
    );
  lines.push(`${report.lab.name}: ${report.points.earned} of ${report.points.possible} points, ${report.outcome}`);
  return `${lines.join('\n')}\n`;
}

/** The same as Markdown for the job's summary page. */
export function summarizeForGithub(report: GradeReport): string {
  const rows = report.steps.map(
    (step) => `| ${cell(step.title)} | ${step.outcome} | ${step.points.earned}/${step.points.possible} |`,
  );
  const domains = Object.entries(report.domains ?? {});
  const scores =
    domains.length < 2
      ? []
      : [
          '| domain | points |',
          '|---|---|',
          ...domains.map(([name, { earned, possible }]) => `| ${name} | ${earned}/${possible} |`),
          '',
        ];
  const failing = report.steps.flatMap((step) =>
    step.checks
      .filter((check) => check.outcome !== 'pass')
      .map((check) => `- **${cell(step.title)}**: ${cell(describeVerdict(check))}`),
  );
  const head = `## ${cell(report.lab.title)}: ${report.points.earned} of ${report.points.possible} points, ${report.outcome}`;
  return [head, '', '| step | outcome | points |', '|---|---|---|', ...rows, '', ...scores, ...failing, ''].join('\n');
}

const message = (text: string) => text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
const property = (text: string) => message(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
const cell = (text: string) =>
  text
    .replace(/\|/g, '\\|')
    .replace(/[<>]/g, (sign) => (sign === '<' ? '&lt;' : '&gt;'))
    .replace(/\s+/g, ' ');
