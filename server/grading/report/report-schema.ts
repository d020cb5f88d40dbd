import { z } from 'zod';
import { gradeReportSchema } from './grade-report.ts';

/** The JSON Schema of a grading report, as it is published for whoever reads one. */
export function reportSchema(): Record<string, unknown> {
  return { title: 'A grading report of swarmlab', ...z.toJSONSchema(gradeReportSchema, { io: 'input' }) };
}
