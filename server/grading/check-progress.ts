import { type CheckTiming, DEFAULT_WITHIN } from '../labs/check-schema.ts';
import { formatDuration } from '../labs/duration.ts';
import type { Verdict } from './verdict.ts';

/**
 * How long something must stay wrong before it is believed: what a manager knows may lag behind the prompt by a fraction of a second
 * (dispatcher batches of 100 ms, scheduler gaps of up to a second).
 */
export const WRONG_SETTLES = 1500;
/** How long a node that does not answer is asked again. */
const ERROR_SETTLES = 3000;
/** How long something that must never be so is watched after the check began, when `never` names no time. */
const NEVER_WATCHES = 2000;

/** What is remembered of a check beyond one round of checking: when it was first seen to pass, and how. */
export interface CheckMemory {
  passed?: { at: number; verdict: Verdict };
}

export interface CheckState {
  verdict: Verdict;
  /** Nothing but another change of the cluster could change it. */
  settled: boolean;
  /** When time alone may change it. */
  wakeAt: number | undefined;
}

/**
 * Turns looks at a cluster into a verdict over time: within, stable, never, reached and edge. All times are milliseconds of the grading
 * clock; `began` is when the check was asked for.
 */
export class CheckProgress {
  readonly #timing: CheckTiming;
  readonly #began: number;
  readonly #memory: CheckMemory;
  readonly #within: number;
  #last: Verdict | undefined;
  #since = 0;

  /** `withinAtMost` replaces what the check allows: less for a hurry, infinity for a live view, where no check is ever late. */
  constructor(timing: CheckTiming, began: number, memory: CheckMemory, withinAtMost?: number) {
    const within = timing.within ?? DEFAULT_WITHIN;
    this.#within = withinAtMost === Number.POSITIVE_INFINITY ? withinAtMost : Math.min(within, withinAtMost ?? within);
    this.#timing = timing;
    this.#began = began;
    this.#memory = memory;
  }

  /** Takes note of what a look at `at` said. */
  feed(at: number, verdict: Verdict): void {
    if (this.#last?.outcome !== verdict.outcome) this.#since = at;
    this.#last = verdict;
    if (verdict.outcome === 'pass') this.#memory.passed ??= { at, verdict };
  }

  /** The verdict at this moment; undefined before the first look. */
  state(at: number): CheckState | undefined {
    const last = this.#last;
    if (last === undefined) return undefined;
    if (last.outcome === 'unobservable') return { verdict: last, settled: true, wakeAt: undefined };
    if (last.outcome === 'error') return this.#until(at, this.#since + ERROR_SETTLES, last);
    if (this.#timing.never !== undefined) return this.#never(at, last);
    const { passed } = this.#memory;
    if ((this.#timing.reached || this.#timing.edge) && passed !== undefined)
      return { verdict: passed.verdict, settled: true, wakeAt: undefined };
    return last.outcome === 'pass' ? this.#holding(at, last) : this.#failing(at, last);
  }

  #never(at: number, last: Verdict): CheckState {
    const { passed } = this.#memory;
    const expected = `never: ${last.expected}`;
    if (passed !== undefined) {
      const verdict: Verdict = {
        ...passed.verdict,
        outcome: 'wrong',
        expected,
        because: 'it was so since the step began',
      };
      return { verdict, settled: true, wakeAt: undefined };
    }
    const window = typeof this.#timing.never === 'number' ? this.#timing.never : NEVER_WATCHES;
    const ends = this.#began + window;
    const { subject, observed } = last;
    const outcome = at >= ends ? 'pass' : 'not-yet';
    return this.#until(at, ends, { subject, observed, expected, outcome });
  }

  #holding(at: number, last: Verdict): CheckState {
    const stable = this.#timing.stable ?? 0;
    const held = at - this.#since;
    if (held >= stable) return { verdict: last, settled: true, wakeAt: undefined };
    const because = `it has held for ${formatDuration(held)} of ${formatDuration(stable)}`;
    return {
      verdict: { ...last, outcome: 'not-yet', because, next: 'Wait.' },
      settled: false,
      wakeAt: this.#since + stable,
    };
  }

  #failing(at: number, last: Verdict): CheckState {
    const deadline = this.#began + this.#within;
    const believed = last.outcome === 'wrong' ? Math.min(this.#since + WRONG_SETTLES, deadline) : deadline;
    if (at < believed || last.outcome === 'wrong') return this.#until(at, believed, last);
    const late = `not so within ${formatDuration(this.#within)}`;
    const because = last.because === undefined ? late : `${last.because}; ${late}`;
    return { verdict: { ...last, because }, settled: true, wakeAt: undefined };
  }

  #until(at: number, end: number, verdict: Verdict): CheckState {
    return at >= end ? { verdict, settled: true, wakeAt: undefined } : { verdict, settled: false, wakeAt: end };
  }
}
