import type { GradeReport } from '../report/grade-report.ts';

/** The report itself. */
export function reportJson(report: GradeReport): string {
  return `${JSON.stringify(report, undefined, 2)}\n`;
}
