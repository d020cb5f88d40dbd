import type { Variables } from '../labs/template.ts';

/**
 * pass: it is so. not-yet: it is not so, and the cluster is still on its way there by itself. wrong: it will not become so unless
 * somebody does something. unobservable: it cannot be seen from here; worth no points, never a failure. error: grading itself failed.
 */
export const OUTCOMES = ['pass', 'not-yet', 'wrong', 'unobservable', 'error'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What a check found, in words that a student can act on. */
export interface Verdict {
  outcome: Outcome;
  /** What it is about: `service pinger`. */
  subject: string;
  expected: string;
  observed: string;
  because?: string;
  next?: string;
  /** Of an error: only the lab's author can set it right. */
  blame?: 'lab';
}

/** What a grader says about one look at the cluster; `bindings` are the values that `as` gives a name to. */
export interface Judgement extends Verdict {
  outcome: 'pass' | 'not-yet' | 'wrong';
  bindings?: Variables;
}

/** A verdict in one line: `pinger: 41 of 50 running; 9 on worker1 rejected: No such image. Wait, or look at ...`. */
export function describeVerdict(verdict: Verdict): string {
  const reason = verdict.because === undefined ? '' : `; ${verdict.because}`;
  const next = verdict.next === undefined ? '' : ` ${verdict.next}`;
  const wanted = verdict.outcome === 'pass' ? '' : ` (expected ${verdict.expected})`;
  return `${verdict.subject}: ${verdict.observed}${wanted}${reason}.${next}`;
}

/** Thrown by a grader that cannot see what it would have to see; the message says why, and becomes the verdict's reason. */
export class Unobservable extends Error {
  constructor(why: string) {
    super(why);
    this.name = 'Unobservable';
  }
}

/** Thrown when the cluster itself does not answer: never the student's fault. */
export class ClusterUnreachable extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = 'ClusterUnreachable';
  }
}

/** Thrown when the nodes answer but there is no Swarm to ask: it was left, or has lost its quorum. */
export class SwarmUnavailable extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SwarmUnavailable';
  }
}
