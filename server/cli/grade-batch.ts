import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { readRoster } from '../grading/batch/roster.ts';
import { batchCsv, batchExitCode, type GradeOne, runBatch } from '../grading/batch/run-batch.ts';
import { formatDuration } from '../labs/duration.ts';
import type { Lab } from '../labs/lab.ts';
import { writeOutputFile } from './output-file.ts';

/** How long a submission that ran out of time may take to remove its cluster. */
const FAREWELL = 60_000;

export interface BatchCall {
  /** A folder of scripts or a roster. */
  batch: string;
  parallel: number;
  /** Milliseconds for each submission, its cluster included. */
  studentLimit: number;
  /** Where the single reports go; nowhere when left out. */
  reports: string | undefined;
  out: string | undefined;
  /** Arguments of `grade` that hold for all. */
  common: readonly string[];
}

/** Grades many submissions, each by a `swarmlab grade` of its own with a cluster of its own; prints CSV. Gives the exit code. */
export async function gradeBatch(lab: Lab, call: BatchCall): Promise<number> {
  const entries = await readRoster(call.batch);
  const folder = await mkdtemp(join(tmpdir(), 'swarmlab-batch-'));
  try {
    const results = await runBatch(entries, {
      parallel: call.parallel,
      now: () => performance.now(),
      gradeOne: (entry) => gradeOne(lab, call, folder, entry),
      onResult: ({ entry, exitCode, report, seconds }) => {
        const points = report === undefined ? '' : `, ${report.points.earned} of ${report.points.possible} points`;
        process.stderr.write(`${entry.student}: exit code ${exitCode}${points}, ${seconds} s\n`);
      },
    });
    if (call.reports !== undefined) {
      await mkdir(call.reports, { recursive: true });
      for (const { entry, report } of results)
        if (report !== undefined)
          await writeFile(join(call.reports, `${safeName(entry.student)}.json`), JSON.stringify(report, undefined, 2));
    }
    const csv = batchCsv(
      results,
      lab.steps.map((step) => step.id),
    );
    if (call.out === undefined) process.stdout.write(csv);
    else await writeOutputFile(call.out, csv);
    return batchExitCode(results);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function gradeOne(
  lab: Lab,
  call: BatchCall,
  folder: string,
  entry: Parameters<GradeOne>[0],
): ReturnType<GradeOne> {
  const out = join(folder, `${safeName(entry.student)}.json`);
  const own = ['--script', entry.script, '--seed', entry.seed, '--format', 'json', '--out', out];
  const program = resolve(process.argv[1] ?? '');
  const child = spawn(process.execPath, [program, 'grade', lab.file, ...own, ...call.common], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let late = false;
  const limit = setTimeout(() => {
    late = true;
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), FAREWELL).unref();
  }, call.studentLimit);
  const [said, code] = await Promise.all([
    text(child.stderr),
    new Promise<number>((done) => child.once('exit', (exitCode) => done(exitCode ?? 3))),
  ]);
  clearTimeout(limit);
  const report = await readFile(out, 'utf8').catch(() => undefined);
  const error = /^error\[\w+\]: (.*)$/m.exec(said)?.[1] ?? '';
  if (late) return { exitCode: 1, report, reason: `not done within ${formatDuration(call.studentLimit)}` };
  return { exitCode: Math.min(code, 3), report, reason: error };
}

/** Names of students may hold anything; names of files may not. */
const safeName = (student: string) => encodeURIComponent(student).replaceAll('.', '%2E');
