import { GRADERS } from '../../graders/registry.ts';
import { type CheckToRun, prepareCheck } from '../labs/check-schema.ts';
import type { CheckSource, LabStep } from '../labs/lab.ts';
import { isRemoval } from '../labs/removal.ts';
import { expandText, type Variables } from '../labs/template.ts';
import { type CheckMemory, CheckProgress, type CheckState } from './check-progress.ts';
import type { ClusterView } from './cluster-view.ts';
import { judgeNow, lookAt } from './look.ts';
import { type CheckVerdict, judgeStep, type StepVerdict } from './step-verdict.ts';
import type { Judgement, Verdict } from './verdict.ts';

/** A probe (a request, a command on a node) that failed is not made again more often than this, in milliseconds, */
const FAILED_PROBE_KEEPS = 1000;
/** ... and one that passed not more often than this. */
const PASSED_PROBE_KEEPS = 10_000;

/** What a look came to. */
export interface JudgedLook {
  states: CheckState[];
  verdict: StepVerdict;
}

/**
 * Judges a step from looks at a cluster, remembering what has to be remembered between them. Knows nothing of time and events: whoever
 * looks tells it when.
 */
export class StepJudge {
  readonly #step: LabStep;
  readonly #checks: readonly CheckSource[];
  readonly #memories: CheckMemory[];
  readonly #probes = new Map<string, { at: number; judgement: Judgement }>();
  /** Checks for something gone that was not there to begin with. */
  readonly #neverThere = new Set<number>();
  #variables: Variables;

  constructor(step: LabStep, checks: readonly CheckSource[], variables: Variables) {
    this.#step = step;
    this.#checks = checks;
    this.#variables = variables;
    this.#memories = checks.map(() => ({}));
  }

  /** The names that checks have bound so far, and those known before. */
  get variables(): Variables {
    return this.#variables;
  }

  /** Whether something has to be seen that may be over when the step is checked. */
  get mustWatch(): boolean {
    const remembers = this.#timings().some(({ reached, never, edge }) => reached || never || edge);
    return remembers || this.#neverThere.size > 0;
  }

  /** Begins a round of checking at `began` (milliseconds); no check waits longer than `withinAtMost`. */
  beginRound(began: number, withinAtMost?: number): CheckProgress[] {
    return this.#timings().map(
      (timing, index) => new CheckProgress(timing, began, this.#memories[index] ?? {}, withinAtMost),
    );
  }

  /** Notes what is not there before anything was done: it must come before it can go. */
  async noteAbsences(view: ClusterView): Promise<void> {
    const removals = [...this.#checks.entries()].filter(([, check]) => isRemoval(check));
    if (removals.length === 0) return;
    const checks = removals.map(([, check]) => check);
    const look = await lookAt(checks, view, this.#variables);
    for (const [at, [index]] of removals.entries())
      if (look.verdicts[at]?.outcome === 'pass') this.#neverThere.add(index);
  }

  /** Looks once, for one round of checking. `now` is asked when the look is over. */
  async look(view: ClusterView, round: readonly CheckProgress[], now: () => number): Promise<JudgedLook> {
    const look = await lookAt(this.#checks, view, this.#variables, (check) => this.#judge(check, view));
    this.#variables = look.variables;
    const at = now();
    const states = round.flatMap((progress, index) => {
      const verdict = look.verdicts[index];
      if (verdict !== undefined) progress.feed(at, this.#unlessNeverThere(index, verdict));
      return progress.state(at) ?? [];
    });
    return { states, verdict: this.#verdict(states) };
  }

  #timings() {
    return this.#checks.map((check) => prepareCheck(check, this.#variables).timing);
  }

  /** Nothing was removed where nothing was. What has been there in between may be removed, of course. */
  #unlessNeverThere(index: number, verdict: Verdict): Verdict {
    if (!this.#neverThere.has(index)) return verdict;
    if (verdict.outcome !== 'pass') {
      this.#neverThere.delete(index);
      return verdict;
    }
    return {
      ...verdict,
      outcome: 'wrong',
      expected: `${verdict.expected}, having been there`,
      because: 'it was not there when the step began',
      next: 'Do the steps before this one first.',
    };
  }

  /** Looking is cheap, probing is not: a probe's answer is kept for a while. */
  async #judge(check: CheckToRun, view: ClusterView): Promise<Judgement> {
    if (GRADERS.get(check.grader)?.cost !== 'probe') return judgeNow(check, view);
    const key = JSON.stringify(check.value);
    const known = this.#probes.get(key);
    const keeps = known?.judgement.outcome === 'pass' ? PASSED_PROBE_KEEPS : FAILED_PROBE_KEEPS;
    if (known !== undefined && view.now - known.at < keeps) return known.judgement;
    const judgement = await judgeNow(check, view);
    this.#probes.set(key, { at: view.now, judgement });
    return judgement;
  }

  #verdict(states: readonly CheckState[]): StepVerdict {
    const timings = this.#timings();
    const verdicts = states.flatMap((state, index): CheckVerdict[] => {
      const check = this.#checks[index];
      if (check === undefined) return [];
      const { title, points = 1, already, never } = timings[index] ?? {};
      const guard = already !== undefined || never !== undefined;
      const { grader, position, domain } = check;
      return [{ ...state.verdict, grader, title, weight: points, guard, position, domain }];
    });
    return judgeStep({ ...this.#step, title: expandText(this.#step.title, this.#variables) }, verdicts);
  }
}
