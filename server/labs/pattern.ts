import { createContext, Script } from 'node:vm';
import { LabMistake } from './lab-mistake.ts';

/** How long a pattern may think about what it is given. */
const LIMIT = 1000;

const context: { source: string; flags: string; texts: readonly string[] } = {
  source: '',
  flags: '',
  texts: [],
};
/** For each text what the pattern's first group (or all of it, without a group) came to; null where it does not match. */
const matching = new Script(`{
  const pattern = new RegExp(source, flags);
  texts.map((text) => { const found = pattern.exec(text); return found === null ? null : found[1] ?? found[0]; });
}`);
createContext(context);

/** Whether this is a regular expression. */
export function isPattern(source: string): boolean {
  try {
    new RegExp(source);
    return true;
  } catch {
    return false;
  }
}

/**
 * What an author's pattern finds in each of the texts: its first group, or all of the match where it has none; null where it does not
 * match. What students and services write can keep some patterns busy for years: such a one is given up. Throws LabMistake then.
 */
export function findInAll(source: string, texts: readonly string[], flags = ''): (string | null)[] {
  try {
    Object.assign(context, { source, flags, texts });
    return Array.from<string | null>(matching.runInContext(context, { timeout: LIMIT }));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT')
      throw new LabMistake(`the pattern ${source} takes too long`, { cause });
    throw cause;
  }
}

/** Whether a text matches an author's pattern. Throws LabMistake when that takes too long. */
export const matchesPattern = (source: string, text: string, flags = ''): boolean =>
  findInAll(source, [text], flags)[0] !== null;
