import { RE2JS } from 're2js';

/** Longer patterns than this nobody needs for a name, and each takes time to read. */
const LONGEST_PATTERN = 1000;

/**
 * Whether a regular expression of Go's finds something in a text, as Docker's filters ask. What is no expression finds nothing. Students
 * write these, and a cluster host has many of them: as in Go, the time is linear in the text, where JavaScript's own engine may need years.
 */
export function matchesGoPattern(text: string, pattern: string): boolean {
  if (pattern.length > LONGEST_PATTERN) return false;
  try {
    return RE2JS.compile(pattern).matcher(text).find();
  } catch {
    return false;
  }
}
