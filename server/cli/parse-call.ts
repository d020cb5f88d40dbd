import { z } from 'zod';
import { SwarmlabError } from '../errors/swarmlab-error.ts';

/** Checks what the user has given a command: options, arguments, answers. SL_USAGE says what is wrong with it. */
export function parseCall<T>(schema: z.ZodType<T>, given: unknown): T {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new SwarmlabError('SL_USAGE', z.prettifyError(parsed.error).replace(/^✖ /, ''));
}
