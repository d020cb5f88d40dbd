import { appendFile, readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { z } from 'zod';
import { SwarmlabError } from '../errors/swarmlab-error.ts';
import { type GradeReport, gradeReportSchema } from '../grading/report/grade-report.ts';
import { summarizeForGithub } from '../grading/reporters/github.ts';
import { REPORT_FORMATS, REPORTERS, type ReportFormat } from '../grading/reporters/reporters.ts';
import { writeOutputFile } from './output-file.ts';
import { parseCall } from './parse-call.ts';

const reportOptions = z.object({ format: z.enum(REPORT_FORMATS).default('pretty'), out: z.string().optional() });

/** `swarmlab report`: writes a report that `grade --format json` made in another format. */
export function register(program: Command): void {
  program
    .command('report')
    .description('write a report of `grade --format json` in another format')
    .argument('<report>')
    .option('--format <format>', `one of ${REPORT_FORMATS.join(', ')}`)
    .option('--out <file>', 'write it there instead of to stdout')
    .action(async (file: string, options: unknown) => {
      const call = parseCall(reportOptions, options);
      await deliverReport(await readReport(file), call.format, call.out);
    });
}

async function readReport(file: string): Promise<GradeReport> {
  try {
    return gradeReportSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    throw new SwarmlabError('SL_USAGE', `${file} is no report of \`grade --format json\``, {
      next: 'Make one: swarmlab grade LAB --solution --format json --out report.json',
      cause,
    });
  }
}

/** Writes a report to a file or to stdout; in a GitHub workflow `github` adds to the job's summary as well. */
export async function deliverReport(report: GradeReport, format: ReportFormat, out: string | undefined): Promise<void> {
  const text = REPORTERS[format](report);
  if (out === undefined) process.stdout.write(text);
  else await writeOutputFile(out, text);
  const summary = process.env.GITHUB_STEP_SUMMARY;
  if (format === 'github' && summary) await appendFile(summary, summarizeForGithub(report));
}
