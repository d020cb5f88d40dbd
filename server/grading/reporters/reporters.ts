import type { GradeReport } from '../report/grade-report.ts';
import { reportGithub } from './github.ts';
import { reportJson } from './json.ts';
import { reportJunit } from './junit.ts';
import { reportPretty } from './pretty.ts';
import { reportTap } from './tap.ts';

export const REPORT_FORMATS = ['pretty', 'json', 'junit', 'tap', 'github'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** Every way to write a report. */
export const REPORTERS: Record<ReportFormat, (report: GradeReport) => string> = {
  pretty: reportPretty,
  json: reportJson,
  junit: reportJunit,
  tap: reportTap,
  github: reportGithub,
};
