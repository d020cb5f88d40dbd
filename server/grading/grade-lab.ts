import type { Clock } from '../clock/clock.ts';
import { SwarmlabError } from '../errors/swarmlab-error.ts';
import { drawExam } from '../labs/exam/draw-exam.ts';
import { checksOf, type Lab, type LabStep, solutionOf } from '../labs/lab.ts';
import type { ScriptStep } from '../labs/student-script.ts';
import { expandText } from '../labs/template.ts';
import type { EvidenceCollector } from './evidence/evidence-collector.ts';
import { applyFaults } from './faults.ts';
import type { GradingCluster } from './grading-cluster.ts';
import { LabSession } from './lab-session.ts';
import type { GradeReport, StepReport } from './report/grade-report.ts';
import { notReached, refuseNothing, reportStep, sumUp } from './report/sum-up.ts';
import type { StepVerdict } from './step-verdict.ts';
import { type PartResult, runPart, type ScriptToRun } from './submission/run-part.ts';
import { answersOfSolution } from './submission/solution-answers.ts';
import { ClusterUnreachable, Unobservable } from './verdict.ts';

/** What is graded: the lab's own solution, a student's script, or the cluster as it stands. */
export type Submission =
  | { kind: 'solution' }
  | { kind: 'script'; steps: ReadonlyMap<string, ScriptStep> }
  | { kind: 'state' };

export interface GradeOptions {
  lab: Lab;
  variant?: string;
  seed: string;
  cluster: GradingCluster;
  clock: Clock;
  submission: Submission;
  /** The only step to grade; those before it are done, but not graded. */
  only?: string;
  /** Milliseconds that each part of a script may take. */
  partLimit: number;
  realTime: boolean;
  /** Keeps everything that is seen. */
  evidence?: EvidenceCollector;
  /** Hears what is going on: each step when it begins, and each look at its checks. */
  onStep?: (step: LabStep) => void;
  onLook?: (verdict: StepVerdict) => void;
  onStepDone?: (step: StepReport) => void;
}

/** Does a submission step by step, checking after each step, and reports. Rejects only for mistakes in the lab or the call. */
export async function gradeLab(given: GradeOptions): Promise<GradeReport> {
  const options = { ...given, lab: drawExam(given.lab, given.seed) };
  const { lab, cluster, clock, submission, seed } = options;
  const variant = options.variant === undefined ? {} : { variant: options.variant };
  const evidence = options.evidence === undefined ? {} : { evidence: options.evidence };
  refuseUnchecked(options);
  const session = new LabSession({ lab, cluster, clock, seed, ...variant, ...evidence });
  const variables = session.variables;
  const started = clock.timestamp();
  const reports: StepReport[] = [];
  let shortened = 0;
  let breakdown: string | undefined;
  for (const step of stepsToDo(options)) {
    const graded = options.only === undefined || step.id === options.only;
    if (breakdown !== undefined) {
      if (graded) reports.push(notReached(step, variables));
      continue;
    }
    options.onStep?.(step);
    try {
      const { verdict, parts } = await doStep(step, session, options);
      shortened += parts.reduce((sum, part) => sum + part.shortened, 0);
      refuseMistakes(verdict, lab);
      breakdown = verdict.checks.find((check) => check.outcome === 'error')?.because;
      if (!graded) continue;
      const report = reportStep(verdict, parts);
      reports.push(report);
      options.onStepDone?.(report);
    } catch (error) {
      if (!(error instanceof ClusterUnreachable) && !(error instanceof Unobservable)) throw error;
      breakdown = error.message;
      if (graded) reports.push(notReached(step, variables));
    }
  }
  return {
    version: 1,
    lab: { name: lab.name, title: lab.title, file: lab.file, hash: lab.hash },
    ...variant,
    seed,
    variables,
    cluster: {
      name: cluster.name,
      ...(cluster.orchestrator === undefined ? {} : { orchestrator: cluster.orchestrator }),
    },
    submission: submission.kind,
    started,
    finished: clock.timestamp(),
    realTime: options.realTime,
    shortened,
    steps: reports,
    ...refuseNothing(didAnything(submission), sumUp(reports, breakdown, lab.exam)),
  };
}

/** Without commands nothing before the wanted step has to be done. */
function stepsToDo({ lab, only, submission }: GradeOptions): LabStep[] {
  if (only === undefined) return lab.steps;
  const last = lab.steps.findIndex((step) => step.id === only);
  return submission.kind === 'state' ? lab.steps.slice(last, last + 1) : lab.steps.slice(0, last + 1);
}

/** Whether somebody has done anything at all: run a command, or answered a question. */
function didAnything(submission: Submission): boolean {
  if (submission.kind !== 'script') return true;
  return [...submission.steps.values()].some(({ parts, answers }) => parts.length > 0 || answers.size > 0);
}

/** A lab that checks nothing cannot be passed or failed. Throws SL_LAB_INVALID. */
function refuseUnchecked({ lab, variant, only }: GradeOptions): void {
  const steps = lab.steps.filter((step) => only === undefined || step.id === only);
  if (steps.every((step) => checksOf(step, variant).length === 0))
    throw new SwarmlabError(
      'SL_LAB_INVALID',
      `${lab.file}: nothing is checked${only === undefined ? '' : ` in ${only}`}`,
    );
}

/** What only the lab's author can set right ends the grading. Throws SL_LAB_INVALID. */
function refuseMistakes({ checks }: StepVerdict, lab: Lab): void {
  const mistaken = checks.find((check) => check.blame === 'lab');
  if (mistaken !== undefined)
    throw new SwarmlabError('SL_LAB_INVALID', `${lab.file}:${mistaken.position.line}: ${mistaken.because}`);
}

async function doStep(
  step: LabStep,
  session: LabSession,
  options: GradeOptions,
): Promise<{ verdict: StepVerdict; parts: PartResult[] }> {
  const { cluster, submission } = options;
  if (submission.kind !== 'state') await applyFaults(step, session, cluster);
  const current = await session.begin(step, { anyTime: submission.kind === 'state' });
  try {
    const parts: PartResult[] = [];
    for (const part of partsOf(step, session, submission)) {
      parts.push(await runPart(cluster, part, { limit: options.partLimit, realTime: options.realTime }));
    }
    if (submission.kind === 'script')
      for (const [item, answer] of submission.steps.get(step.id)?.answers ?? []) session.answer(item, answer);
    if (submission.kind === 'solution')
      for (const [item, answer] of await answersOfSolution(step, session, options)) session.answer(item, answer);
    const verdict = await current.check(options.onLook === undefined ? {} : { onLook: options.onLook });
    session.finish(current);
    return { verdict, parts };
  } finally {
    current.dispose();
  }
}

function partsOf(step: LabStep, session: LabSession, submission: Submission): ScriptToRun[] {
  if (submission.kind === 'script') return submission.steps.get(step.id)?.parts ?? [];
  if (submission.kind === 'state') return [];
  return solutionOf(step, session.variant).map(({ node, script, ends }) => ({
    node,
    script: expandText(script, session.variables),
    ends,
  }));
}
