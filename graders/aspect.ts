import type { Judgement } from '../server/grading/verdict.ts';
import type { Variables } from '../server/labs/template.ts';

/** One thing that a check demands of its subject, judged on its own. */
export interface Aspect {
  outcome: Judgement['outcome'];
  expected: string;
  observed: string;
  because?: string;
  /** What to do or where to look; without it the check's own advice is given. */
  next?: string;
}

/** An aspect that is right or wrong by comparison alone. */
export function compare(holds: boolean, expected: string, observed: string, reason: Partial<Aspect> = {}): Aspect {
  return { outcome: holds ? 'pass' : 'wrong', expected, observed, ...(holds ? {} : reason) };
}

/**
 * Judges a subject by its aspects: wrong if one is wrong, else not yet if one is on its way. Where it fails, only the aspects that fail
 * are spoken of, the wrong ones first.
 */
export function combine(
  subject: string,
  aspects: readonly Aspect[],
  options: { next?: string; bindings?: Variables } = {},
): Judgement {
  const wrong = aspects.filter((aspect) => aspect.outcome === 'wrong');
  const waiting = aspects.filter((aspect) => aspect.outcome === 'not-yet');
  const failing = [...wrong, ...waiting];
  const told = failing.length > 0 ? failing : aspects;
  const join = (parts: (string | undefined)[]) =>
    [...new Set(parts.filter((part): part is string => part !== undefined && part !== ''))].join('; ');
  const because = join(failing.map((aspect) => aspect.because));
  const next = failing.map((aspect) => aspect.next).find((advice) => advice !== undefined) ?? options.next;
  return {
    outcome: wrong.length > 0 ? 'wrong' : waiting.length > 0 ? 'not-yet' : 'pass',
    subject,
    expected: join(told.map((aspect) => aspect.expected)),
    observed: join(told.map((aspect) => aspect.observed)),
    ...(because === '' ? {} : { because }),
    ...(failing.length === 0 || next === undefined ? {} : { next }),
    ...(failing.length > 0 || options.bindings === undefined ? {} : { bindings: options.bindings }),
  };
}

/** The verdict on something that had to be there and is not. */
export function missing(subject: string, next: string, because?: string): Judgement {
  return {
    outcome: 'wrong',
    subject,
    expected: 'to be there',
    observed: 'there is none',
    ...(because === undefined ? {} : { because }),
    next,
  };
}

/**
 * The verdict on something that had to be gone: `present` tells what is still there, if anything; `leaving` that it is on its way out.
 */
export function gone(subject: string, present: string | undefined, next: string, leaving = false): Judgement {
  if (present === undefined) return { outcome: 'pass', subject, expected: 'to be gone', observed: 'gone' };
  return { outcome: leaving ? 'not-yet' : 'wrong', subject, expected: 'to be gone', observed: present, next };
}
