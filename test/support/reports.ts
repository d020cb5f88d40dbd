import type { CheckReport, GradeReport } from '../../server/grading/report/grade-report.ts';

const check = (outcome: CheckReport['outcome'], more: Partial<CheckReport> = {}): CheckReport => ({
  grader: 'service',
  weight: 1,
  line: 7,
  outcome,
  subject: 'service web',
  expected: 'to be there',
  observed: 'there is none',
  ...more,
});

/** What texts in a report may hold, if a student or an engine wants it to. */
export const NASTY = 'a & <b> "c" \'d\' ]]> \u0000\u0007\u001b[31m\uD800 é 🐳\r\n::error::x # \\ | 100%';

/** A report in which everything is that a report can hold. */
export function everyReport(): GradeReport {
  const points = { earned: 1, possible: 2, unobservable: 1 };
  const step = { points, commands: [] };
  return {
    version: 1,
    lab: { name: 'two', title: `Two ${NASTY}`, file: 'labs/two.md', hash: 'f'.repeat(64) },
    variant: 'other',
    seed: NASTY,
    variables: { replicas: 3, port: '80', on: true },
    cluster: { name: 'unix:///var/run/docker.sock', orchestrator: 'swarm' },
    submission: 'script',
    started: '2026-01-01T00:00:00.000000000Z',
    finished: '2026-01-01T00:01:02.500000000Z',
    realTime: false,
    shortened: 2,
    steps: [
      {
        ...step,
        id: 'first',
        title: `First ${NASTY}`,
        outcome: 'error',
        checks: [
          check('pass', { title: NASTY }),
          check('wrong', { because: NASTY, next: NASTY, observed: NASTY }),
          check('not-yet', { title: '  spaces   around ' }),
          check('unobservable', { because: NASTY, domain: 'networking' }),
          check('error', { subject: NASTY }),
        ],
        commands: [
          { node: 'master', script: NASTY, exitCode: 1, output: NASTY },
          { node: 'worker1', script: 'yes', exitCode: null, ended: 'limit', output: 'y\ny' },
        ],
      },
      { ...step, id: 'read', title: 'Read', outcome: 'unchecked', checks: [] },
      { ...step, id: 'last', title: 'Last', outcome: 'not-reached', checks: [] },
    ],
    points,
    domains: { networking: { earned: 0, possible: 1 }, storage: { earned: 1, possible: 1 } },
    exam: { minutes: 90, share: 0.5, pass: 0.65 },
    outcome: 'infrastructure',
    exitCode: 3,
    reason: NASTY,
  };
}
