import { parseTimestamp } from '../../clock/clock.ts';
import type { CheckReport, GradeReport, StepReport } from '../report/grade-report.ts';
import { describeVerdict } from '../verdict.ts';

/** JUnit XML (the Apache Ant schema): a suite per step, a case per check; what cannot be observed is skipped, breakdowns are errors. */
export function reportJunit(report: GradeReport): string {
  const seconds = ((parseTimestamp(report.finished) - parseTimestamp(report.started)) / 1000).toFixed(3);
  const suites = report.steps.map((step, index) => suite(step, index, report, index === 0 ? seconds : '0.000'));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join('')}</testsuites>\n`;
}

function suite(step: StepReport, index: number, report: GradeReport, seconds: string): string {
  const cases =
    step.checks.length > 0 ? step.checks.map((check) => testCase(check, step)) : [placeholder(step, report)];
  const count = (outcomes: string[]) => step.checks.filter((check) => outcomes.includes(check.outcome)).length;
  const brokenOff = step.outcome === 'not-reached' ? 1 : 0;
  const attributes = {
    name: step.id,
    package: report.lab.name,
    id: index,
    timestamp: report.started.slice(0, 19),
    hostname: report.cluster.name,
    tests: cases.length,
    failures: count(['wrong', 'not-yet']),
    errors: count(['error']) + brokenOff,
    skipped: count(['unobservable']) + (step.outcome === 'unchecked' ? 1 : 0),
    time: seconds,
  };
  const output = step.commands.map(({ node, script, output }) => `${node}$ ${script}\n${output}`).join('\n');
  return (
    `  <testsuite${attributesOf(attributes)}>\n    <properties>\n      <property name="seed" value="${escapeXml(report.seed)}"/>\n    </properties>\n` +
    `${cases.join('')}    <system-out>${escapeXml(output)}</system-out>\n    <system-err></system-err>\n  </testsuite>\n`
  );
}

function testCase(check: CheckReport, step: StepReport): string {
  const name = check.title ?? check.subject;
  const head = `    <testcase${attributesOf({ name, classname: step.id, time: '0.000' })}`;
  const message = escapeXml(describeVerdict(check));
  switch (check.outcome) {
    case 'pass':
      return `${head}/>\n`;
    case 'unobservable':
      return `${head}>\n      <skipped message="${message}"/>\n    </testcase>\n`;
    case 'error':
      return `${head}>\n      <error type="infrastructure" message="${message}"/>\n    </testcase>\n`;
    default:
      return `${head}>\n      <failure type="${check.outcome}" message="${message}"/>\n    </testcase>\n`;
  }
}

/** A step without checks, or one that grading did not come to. */
function placeholder(step: StepReport, report: GradeReport): string {
  const head = `    <testcase${attributesOf({ name: step.title, classname: step.id, time: '0.000' })}`;
  const inner =
    step.outcome === 'not-reached'
      ? `<error type="infrastructure" message="${escapeXml(report.reason ?? 'not reached')}"/>`
      : '<skipped message="this step has no checks"/>';
  return `${head}>\n      ${inner}\n    </testcase>\n`;
}

const attributesOf = (attributes: Record<string, string | number>) =>
  Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`)
    .join('');

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\n': '&#10;',
};

/** Text as XML 1.0 can hold it; the characters that it cannot (most control characters, halves of surrogate pairs) are replaced. */
function escapeXml(text: string): string {
  return [...text]
    .map((character) => ENTITIES[character] ?? (isXml(character.codePointAt(0) ?? 0) ? character : '\uFFFD'))
    .join('');
}

function isXml(code: number): boolean {
  if (code < 0x20) return code === 0x9 || code === 0xa || code === 0xd;
  return !(code >= 0xd800 && code <= 0xdfff) && code !== 0xfffe && code !== 0xffff;
}
