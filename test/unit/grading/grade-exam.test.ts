import { expect, test } from 'vitest';
import { VirtualClock } from '../../../server/clock/virtual-clock.ts';
import { gradeLab } from '../../../server/grading/grade-lab.ts';
import { type GradeReport, gradeReportSchema } from '../../../server/grading/report/grade-report.ts';
import { REPORTERS } from '../../../server/grading/reporters/reporters.ts';
import { drawExam } from '../../../server/labs/exam/draw-exam.ts';
import type { Lab } from '../../../server/labs/lab.ts';
import { loadLab } from '../../../server/labs/lab-library.ts';
import { parseStudentScript } from '../../../server/labs/student-script.ts';
import { FakeCluster } from './fake-cluster.ts';

const exam = await loadLab('exam');

/** Grades a candidate's answers; nothing is done by hand. */
async function sit(answers: (lab: Lab) => string): Promise<GradeReport> {
  const clock = new VirtualClock();
  const lab = drawExam(exam, 's');
  const script = parseStudentScript(answers(lab), {
    steps: lab.steps.map((step) => step.id),
    nodes: ['master'],
    firstStep: 'orchestration',
  });
  const cluster = new FakeCluster();
  cluster.set('/images/json', []);
  cluster.set('/containers/json?all=1', []);
  cluster.set('/networks/ingress', { Driver: 'overlay' });
  cluster.set('/nodes?filters=%7B%22role%22:%7B%22manager%22:true%7D%7D', [{ ID: 'one' }]);
  let report: GradeReport | undefined;
  void gradeLab({
    lab: exam,
    seed: 's',
    cluster,
    clock,
    submission: { kind: 'script', steps: script },
    partLimit: 60_000,
    realTime: true,
  }).then((done) => {
    report = done;
  });
  await clock.advanceUntil(() => report !== undefined);
  return gradeReportSchema.parse(report);
}

/** Right answers to every question for which `wants` says so. */
const right = (wants: (domain: string) => boolean) => (lab: Lab) =>
  lab.steps
    .flatMap((step) => [
      `# step: ${step.id}`,
      ...step.blocks.flatMap((block) =>
        block.kind !== 'quiz' || !wants(step.domain)
          ? []
          : block.items
              .filter((item) => item.right !== undefined)
              .map((item) => `# answer: ${item.id} = ${[item.right ?? []].flat().join(' | ')}`),
      ),
    ])
    .join('\n');

test('an exam is scored by domain and passed by its share of points', async () => {
  const report = await sit(right(() => true));
  expect(report).toMatchObject({ outcome: 'passed', exitCode: 0, exam: { minutes: 90, pass: 0.65 } });
  expect(report.domains?.images).toEqual({ earned: 11, possible: 15 });
  expect(REPORTERS.pretty(report)).toMatch(/^ {2}images {9}11 of 15 \(73 %\)$/m);
});

test('who knows half of it has not passed, and sees in which domains', async () => {
  const report = await sit(right((domain) => domain === 'images' || domain === 'storage'));
  expect(report).toMatchObject({ outcome: 'failed', exitCode: 1 });
  expect(report.domains?.images?.earned).toBe(11);
  expect(report.domains?.security?.earned).toBe(0);
});

test('nothing answered, nothing earned', async () => {
  const report = await sit(() => '');
  expect(report).toMatchObject({ outcome: 'failed', exitCode: 1, points: { earned: 0, possible: 75 } });
});
