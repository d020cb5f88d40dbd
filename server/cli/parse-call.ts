import type { z } from 'zod';
import { SwarmlabError } from '../errors/swarmlab-error.ts';

/**
 * Checks what the user has given a command: its options (an object, by commander's names), an argument or an answer. Throws SL_USAGE, with
 * the option that is wrong as it is written on the command line.
 */
export function parseCall<T>(schema: z.ZodType<T>, given: unknown): T {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new SwarmlabError('SL_USAGE', parsed.error.issues.map(describeIssue).join('\n'));
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const [option] = issue.path;
  const reason = reasonOf(issue);
  if (typeof option !== 'string') return reason;
  const flag = `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  return reason.startsWith(flag) ? reason : `${flag}: ${reason}`;
}

function reasonOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return `expected one of ${issue.values.join(', ')}`;
  if (issue.code === 'invalid_type') return `expected a ${issue.expected}`;
  return issue.message;
}
