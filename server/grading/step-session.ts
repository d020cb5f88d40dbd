import { type Clock, type Disposable, sleep } from '../clock/clock.ts';
import type { CheckSource, LabStep } from '../labs/lab.ts';
import type { Variables } from '../labs/template.ts';
import { ChangeSignal } from './change-signal.ts';
import type { CheckState } from './check-progress.ts';
import { ClusterView, type StudentRecord } from './cluster-view.ts';
import type { LookWitness, StepEvidence } from './evidence/step-evidence.ts';
import type { GradingCluster } from './grading-cluster.ts';
import { StepJudge } from './step-judge.ts';
import type { StepVerdict } from './step-verdict.ts';

/** Where tasks change without an event: while something is on its way it is looked at again this often, in milliseconds. */
const PENDING_LOOK_EVERY = 200;
/** ... and this often right after an event, when its consequences are about to be known: whoever looks at the page waits for them. */
const FRESH_LOOK_EVERY = 80;
/** Milliseconds after an event for which that is so. */
const FRESH = 800;
/** ... and this often where every change of a task is told: what a program writes or answers is told by nobody. */
const TOLD_LOOK_EVERY = 1000;
/**
 * There, looks for the sake of changes are this far apart at least: fifty tasks that end one after the other need no fifty looks, and
 * time that is virtual is not saved by looking earlier.
 */
const TOLD_LOOKS_APART = 500;
/** ... and this often while nothing is. */
const IDLE_LOOK_EVERY = 2000;
/** How long after an event the manager may still learn of its consequences (it hears of tasks every 100 ms at best). */
const CONSEQUENCES = 1500;

export interface StepSessionOptions {
  step: LabStep;
  checks: readonly CheckSource[];
  cluster: GradingCluster;
  clock: Clock;
  student: StudentRecord;
  /** Names known when the step begins. */
  variables: Variables;
  /** Keeps everything that is seen, so that the step can be judged again. */
  evidence?: StepEvidence;
}

/**
 * One student at one step, from its beginning to its verdict: watches what has to be seen while it happens (`reached`, `never`), and
 * checks when asked. Dispose it when the student goes on.
 */
export class StepSession implements Disposable {
  readonly #options: StepSessionOptions;
  readonly #judge: StepJudge;
  #stopWatching: (() => void) | undefined;

  constructor(options: StepSessionOptions) {
    this.#options = options;
    this.#judge = new StepJudge(options.step, options.checks, options.variables);
  }

  /** The names that checks have bound so far, and those known before. */
  get variables(): Variables {
    return this.#judge.variables;
  }

  /** Begins to watch for checks that must see what happens between two looks. Costs nothing for a step that has none. */
  begin(): void {
    if (this.#stopWatching !== undefined || !this.#judge.mustWatch) return;
    const stopping = new AbortController();
    this.#stopWatching = () => stopping.abort();
    void this.#round({ signal: stopping.signal });
  }

  /** Notes what is not there before anything was done: it must come before it can go. To be called before `begin`, if at all. */
  async noteAbsences(): Promise<void> {
    await this.#judge.noteAbsences(this.#view(this.#options.evidence?.absences(this.#options.clock.now())));
  }

  /**
   * Checks the step: looks again whenever something changes until every check is settled, at the latest when the time that each allows
   * (or `withinAtMost`, in milliseconds) is over. `onLook` hears the verdicts of every look.
   */
  async check(
    options: { signal?: AbortSignal; onLook?: (verdict: StepVerdict) => void; withinAtMost?: number } = {},
  ): Promise<StepVerdict> {
    return this.#round({ ...options, isDone: (states) => states.every((state) => state.settled) });
  }

  /** One look, without waiting for anything. */
  async glance(): Promise<StepVerdict> {
    return this.#round({ isDone: () => true });
  }

  /** Judges the step again at every change, until disposed: the live view. */
  watch(onLook: (verdict: StepVerdict) => void): Disposable {
    const stopping = new AbortController();
    void this.#round({ signal: stopping.signal, onLook, withinAtMost: Number.POSITIVE_INFINITY });
    return { dispose: () => stopping.abort() };
  }

  dispose(): void {
    this.#stopWatching?.();
    this.#stopWatching = undefined;
  }

  async #round(options: {
    signal?: AbortSignal;
    /** Without it there is no end. */
    isDone?: (states: CheckState[]) => boolean;
    onLook?: (verdict: StepVerdict) => void;
    /** The longest that any check waits; for a live view for ever. */
    withinAtMost?: number;
  }): Promise<StepVerdict> {
    const { clock, cluster, evidence } = this.#options;
    const { signal, withinAtMost } = options;
    const began = clock.now();
    const round = this.#judge.beginRound(began, withinAtMost);
    const kept = evidence?.round(began, withinAtMost);
    const changes = new ChangeSignal(cluster, clock);
    try {
      for (;;) {
        changes.reset();
        const lookedAt = clock.now();
        const looked = kept?.look(clock.now());
        const { states, verdict } = await this.#judge.look(this.#view(looked), round, () => clock.now());
        looked?.judgedAt(clock.now());
        options.onLook?.(verdict);
        if (signal?.aborted || options.isDone?.(states)) return verdict;
        const quiet = clock.now() - changes.lastAt;
        const untold = quiet < FRESH ? FRESH_LOOK_EVERY : PENDING_LOOK_EVERY;
        const pending = cluster.tellsOfTasks ? TOLD_LOOK_EVERY : untold;
        const restless = states.some((state) => !state.settled) || quiet < CONSEQUENCES;
        const wakeAt = Math.min(...states.map((state) => state.wakeAt ?? Number.POSITIVE_INFINITY));
        const longest = Math.min(restless ? pending : IDLE_LOOK_EVERY, wakeAt - clock.now());
        await changes.next(Math.max(0, longest), signal);
        if (signal?.aborted) return verdict;
        // Whoever watches for what may be over in a moment looks every time.
        if (cluster.tellsOfTasks && options.isDone !== undefined)
          await sleep(clock, Math.min(lookedAt + TOLD_LOOKS_APART, wakeAt) - clock.now());
      }
    } finally {
      changes.dispose();
    }
  }

  #view(looked: LookWitness | undefined): ClusterView {
    const { cluster, student, clock } = this.#options;
    return new ClusterView(looked?.watching(cluster) ?? cluster, student, looked?.at ?? clock.now());
  }
}
