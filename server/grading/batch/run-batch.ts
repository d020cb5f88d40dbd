import { type GradeReport, gradeReportSchema } from '../report/grade-report.ts';
import { formatCsv } from './csv.ts';
import type { Entry } from './roster.ts';

/** What became of one submission. */
export interface BatchResult {
  entry: Entry;
  /** 0 passed, 1 failed, 2 the script or the call is wrong, 3 not graded for reasons that are nobody's failure. */
  exitCode: number;
  /** Undefined when there is none. */
  report: GradeReport | undefined;
  seconds: number;
  reason: string;
}

/** Grades one submission; a program of its own, so that it can be ended. */
export type GradeOne = (entry: Entry) => Promise<{ exitCode: number; report: string | undefined; reason: string }>;

/** Grades all, so many at a time; the results stand in the order of the roster. */
export async function runBatch(
  entries: readonly Entry[],
  options: { parallel: number; now: () => number; gradeOne: GradeOne; onResult: (result: BatchResult) => void },
): Promise<BatchResult[]> {
  const results = new Map<Entry, BatchResult>();
  const waiting = [...entries];
  const work = async () => {
    for (let entry = waiting.shift(); entry !== undefined; entry = waiting.shift()) {
      const began = options.now();
      const { exitCode, report, reason } = await options.gradeOne(entry);
      const seconds = Math.round((options.now() - began) / 1000);
      const result: BatchResult = { entry, exitCode, report: parseReport(report), seconds, reason };
      results.set(entry, result);
      options.onResult(result);
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.parallel, entries.length) }, work));
  return entries.flatMap((entry) => results.get(entry) ?? []);
}

function parseReport(text: string | undefined): GradeReport | undefined {
  if (text === undefined) return undefined;
  try {
    return gradeReportSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

const OUTCOMES: Record<number, string> = { 0: 'passed', 1: 'failed', 2: 'refused' };

/** The results as CSV: a row per student, a column per step with the points earned in it (empty where it was not reached). */
export function batchCsv(results: readonly BatchResult[], steps: readonly string[]): string {
  const header = ['student', 'outcome', 'earned', 'possible', 'unobservable', ...steps, 'seed', 'seconds', 'reason'];
  const rows = results.map(({ entry, exitCode, report, seconds, reason }) => {
    const { earned = 0, possible = 0, unobservable = 0 } = report?.points ?? {};
    const perStep = steps.map((id) => {
      const step = report?.steps.find((candidate) => candidate.id === id);
      return step === undefined || step.outcome === 'not-reached' ? '' : step.points.earned;
    });
    const outcome = OUTCOMES[exitCode] ?? 'not graded';
    return [entry.student, outcome, earned, possible, unobservable, ...perStep, entry.seed, seconds, reason];
  });
  return formatCsv([header, ...rows]);
}

/** The exit code of the whole: the worst that happened; what could not be graded is worse than what failed. */
export function batchExitCode(results: readonly BatchResult[]): number {
  return Math.max(0, ...results.map((result) => result.exitCode));
}
