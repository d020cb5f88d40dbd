import { SwarmlabError } from '../../errors/swarmlab-error.ts';
import { drawExam } from '../../labs/exam/draw-exam.ts';
import { checksOf, type Lab } from '../../labs/lab.ts';
import { parseLab } from '../../labs/parse-lab.ts';
import { quizItemSchema } from '../../labs/quiz.ts';
import { expandValue } from '../../labs/template.ts';
import type { CheckProgress } from '../check-progress.ts';
import { ClusterView, type StudentRecord } from '../cluster-view.ts';
import type { GradeReport, StepReport } from '../report/grade-report.ts';
import { refuseNothing, reportStep, sumUp } from '../report/sum-up.ts';
import { StepJudge } from '../step-judge.ts';
import type { StepVerdict } from '../step-verdict.ts';
import type { Evidence, LookRecord, StepRecord } from './evidence-schema.ts';
import { replayCluster } from './replay-cluster.ts';

/**
 * Judges a submission again from its evidence, with the graders of today and the lab of then. Steps that the evidence has nothing about
 * (grading broke down before them) are taken over from the report. SL_LAB_INVALID when the lab's text is not the one that was graded.
 */
export async function regrade(evidence: Evidence): Promise<GradeReport> {
  const { report } = evidence;
  const { lab: whole } = parseLab(evidence.lab.source, evidence.lab.file);
  if (whole === undefined || whole.hash !== evidence.lab.hash)
    throw new SwarmlabError('SL_LAB_INVALID', "the bundle's lab is not the one that was graded", {
      next: 'The bundle was changed after the grading; ask for the original.',
    });
  const lab = drawExam(whole, report.seed);
  const steps: StepReport[] = [];
  for (const before of report.steps) {
    const record = evidence.steps.find((step) => step.id === before.id);
    const verdict = record && (await judgeAgain(lab, record, evidence));
    if (verdict === undefined) {
      steps.push(before);
      continue;
    }
    steps.push({ ...reportStep(verdict, []), commands: before.commands });
  }
  const missing = steps.some((step) => step.outcome === 'not-reached') ? report.reason : undefined;
  const did =
    report.submission !== 'script' ||
    report.steps.some((step) => step.commands.length > 0) ||
    evidence.steps.some((step) => Object.keys(step.answers).length > 0);
  const { outcome: _outcome, exitCode: _exitCode, reason: _reason, points: _points, ...rest } = report;
  return { ...rest, steps, ...refuseNothing(did, sumUp(steps, missing, lab.exam)) };
}

async function judgeAgain(lab: Lab, record: StepRecord, evidence: Evidence): Promise<StepVerdict | undefined> {
  const step = lab.steps.find((candidate) => candidate.id === record.id);
  if (step === undefined) return undefined;
  const judge = new StepJudge(step, checksOf(step, evidence.report.variant), record.variables);
  const student = studentOf(lab, record, judge);
  const view = (look: LookRecord) => new ClusterView(replayCluster(evidence, look), student, look.at);
  if (record.absences !== undefined) await judge.noteAbsences(view(record.absences));
  let verdict: StepVerdict | undefined;
  for (const { look, round, last } of inOrder(record, judge)) {
    const judged = await judge.look(view(look), round, () => look.judgedAt);
    if (last) verdict = judged.verdict;
  }
  return verdict;
}

/** All looks of all rounds in the order in which they were over; `last` for those of the round that gave the verdict. */
function inOrder(record: StepRecord, judge: StepJudge): { look: LookRecord; round: CheckProgress[]; last: boolean }[] {
  return record.rounds
    .flatMap(({ began, withinAtMost, looks }, index) => {
      const round = judge.beginRound(began, withinAtMost);
      return looks.map((look) => ({ look, round, last: index === record.rounds.length - 1 }));
    })
    .sort((a, b) => a.look.judgedAt - b.look.judgedAt);
}

function studentOf(lab: Lab, record: StepRecord, judge: StepJudge): StudentRecord {
  const items = lab.steps.flatMap((step) => step.blocks.flatMap((block) => (block.kind === 'quiz' ? block.items : [])));
  return {
    item: (id) => {
      const written = items.find((item) => item.id === id);
      return written && quizItemSchema.parse(expandValue(written, judge.variables));
    },
    answer: (id) => record.answers[id],
    requestsAfter: (node) => record.requestsAfter[node] ?? 0,
  };
}
