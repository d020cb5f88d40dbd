import { type Clock, sleep } from '../../clock/clock.ts';
import type { Lab, LabStep } from '../../labs/lab.ts';
import { solutionOf } from '../../labs/lab.ts';
import { expandText } from '../../labs/template.ts';
import { ChangeSignal } from '../change-signal.ts';
import type { EngineCluster } from '../engine-cluster.ts';
import { applyFaults } from '../faults.ts';
import { LabSession } from '../lab-session.ts';
import type { StepSession } from '../step-session.ts';
import type { StepVerdict } from '../step-verdict.ts';
import { type PartResult, runPart, type ScriptToRun } from '../submission/run-part.ts';
import { answersOfSolution } from '../submission/solution-answers.ts';
import { type NodeSnapshot, restoreNodes, takeNodes } from './node-snapshot.ts';
import {
  CannotRestore,
  isAsBefore,
  managerOf,
  removeAdded,
  restoreSnapshot,
  type SwarmSnapshot,
  takeSnapshot,
} from './swarm-snapshot.ts';

/** How long what was restored may take to run again. */
const RESTORED_WITHIN = 90_000;
const LOOK_EVERY = 250;
/** The same where every change is told: what is removed may be let go of without one. */
const TOLD_LOOK_EVERY = 2000;
/** How long a part of a solution or a mutant may take. */
const PART_LIMIT = 120_000;
/** How long a check waits for what is not to be expected. */
const IMPATIENT = 12_000;

export interface BenchCluster {
  cluster: EngineCluster;
  close(): Promise<void>;
}

/** What came of something that was tried for a step. */
export interface Trial {
  verdict: StepVerdict;
  parts: PartResult[];
}

export interface BenchOptions {
  lab: Lab;
  variant: string | undefined;
  seed: string;
  clock: Clock;
  open: () => Promise<BenchCluster>;
}

/**
 * A cluster on which a lab's steps are tried: solves the steps before one, tries something for it, and brings the cluster back to where it
 * was. Where that is impossible a new cluster takes its place.
 */
export class ProofBench {
  readonly #options: BenchOptions;
  #at: BenchCluster | undefined;
  #session: LabSession | undefined;
  #snapshot: SwarmSnapshot | undefined;
  #nodes: NodeSnapshot[] = [];
  /** What the step's checks saw before anything was tried; undefined before the first glance. */
  #seenBefore: string | undefined;
  /** Steps that are solved on the cluster; the next one has had its faults. */
  #solved = 0;
  /** How many clusters were needed. */
  clusters = 0;

  constructor(options: BenchOptions) {
    this.#options = options;
  }

  get session(): LabSession {
    if (this.#session === undefined) throw new Error('the bench is not set up');
    return this.#session;
  }

  /** Brings a cluster to where the step begins, its faults included. */
  async goTo(index: number): Promise<void> {
    if (this.#at === undefined || this.#solved > index) await this.#renew();
    while (this.#solved < index) {
      const step = this.#stepAt(this.#solved);
      await this.try(step, this.solution(step), { answers: true });
      await this.next();
    }
  }

  /** The step that was tried is solved now; goes on from here. */
  async next(): Promise<void> {
    this.#solved++;
    this.#snapshot = undefined;
    this.#seenBefore = undefined;
    if (this.#solved < this.#options.lab.steps.length) await this.#prepare();
  }

  solution(step: LabStep): ScriptToRun[] {
    return solutionOf(step, this.#options.variant).map(({ node, script, ends }) => ({
      node,
      script: expandText(script, this.session.variables),
      ends,
    }));
  }

  /** One look at a step at which nothing was done. */
  async glance(step: LabStep): Promise<StepVerdict> {
    const session = await this.session.begin(step, { keepAnswers: false });
    try {
      const verdict = await session.glance();
      this.#seenBefore ??= seen(verdict);
      return verdict;
    } finally {
      session.dispose();
    }
  }

  /** Tries something for a step: runs it, answers the questions if asked to, checks. */
  async try(
    step: LabStep,
    parts: readonly ScriptToRun[],
    options: { answers: boolean; impatient?: boolean },
  ): Promise<Trial> {
    const { cluster } = this.#place();
    const session: StepSession = await this.session.begin(step);
    try {
      const done: PartResult[] = [];
      for (const part of parts) done.push(await runPart(cluster, part, { limit: PART_LIMIT, realTime: false }));
      if (options.answers)
        for (const [item, answer] of await answersOfSolution(step, this.session, {
          cluster,
          clock: this.#options.clock,
        }))
          this.session.answer(item, answer);
      const verdict = await session.check(options.impatient ? { withinAtMost: IMPATIENT } : {});
      if (!options.impatient) this.session.remember(session.variables);
      return { verdict, parts: done };
    } finally {
      session.dispose();
    }
  }

  /** Undoes what was tried. Where the checks still see something of it (lines in a log, for one), a new cluster is taken. */
  async undo(): Promise<void> {
    const { cluster } = this.#place();
    const index = this.#solved;
    const before = this.#seenBefore;
    try {
      if (this.#snapshot === undefined) throw new CannotRestore('nothing was kept');
      await restoreSnapshot(cluster, await managerOf(cluster), this.#snapshot);
      await restoreNodes(cluster, this.#nodes);
      await this.#settle(cluster, this.#snapshot);
      if (before !== undefined && before !== seen(await this.glance(this.#stepAt(index))))
        throw new CannotRestore('the checks still see something of it');
    } catch (error) {
      if (!(error instanceof CannotRestore)) throw error;
      await this.#renew();
      await this.goTo(index);
      this.#seenBefore = before;
    }
  }

  async close(): Promise<void> {
    const at = this.#at;
    this.#at = undefined;
    await at?.close();
  }

  async #renew(): Promise<void> {
    await this.close();
    const { lab, variant, seed, clock, open } = this.#options;
    this.#at = await open();
    this.clusters++;
    this.#solved = 0;
    this.#snapshot = undefined;
    const { cluster } = this.#at;
    this.#session = new LabSession({ lab, cluster, clock, seed, ...(variant === undefined ? {} : { variant }) });
    await this.#prepare();
  }

  /** Breaks what the next step wants broken, and keeps what there is. */
  async #prepare(): Promise<void> {
    const { cluster } = this.#place();
    const step = this.#stepAt(this.#solved);
    await applyFaults(step, this.session, cluster);
    this.#snapshot = undefined;
    try {
      const snapshot = await takeSnapshot(cluster, await managerOf(cluster));
      this.#nodes = await takeNodes(cluster, this.#nodesOf(step));
      this.#snapshot = snapshot;
    } catch (error) {
      // Without a manager that answers, for one. Whatever is tried there needs a new cluster afterwards.
      if (!(error instanceof CannotRestore)) throw error;
    }
  }

  /** Waits until everything runs again as it did, and keeps what there is now: what was made anew has other IDs. */
  async #settle(cluster: EngineCluster, before: SwarmSnapshot): Promise<void> {
    const { clock } = this.#options;
    const deadline = clock.now() + RESTORED_WITHIN;
    const changes = new ChangeSignal(cluster, clock);
    try {
      for (;;) {
        changes.reset();
        const manager = await managerOf(cluster);
        const now = await takeSnapshot(cluster, manager);
        if ((await removeAdded(cluster, manager, before, now)) && isAsBefore(before, now)) {
          this.#snapshot = now;
          return;
        }
        if (clock.now() > deadline) throw new CannotRestore('it did not settle');
        await changes.next(cluster.tellsOfTasks ? TOLD_LOOK_EVERY : 0, undefined);
        await sleep(clock, LOOK_EVERY);
      }
    } finally {
      changes.dispose();
    }
  }

  #nodesOf(step: LabStep): string[] {
    const blocks = step.blocks.filter((block) => block.kind === 'shell');
    return [...new Set(blocks.map((block) => block.node))];
  }

  #place(): BenchCluster {
    if (this.#at === undefined) throw new Error('the bench has no cluster');
    return this.#at;
  }

  #stepAt(index: number): LabStep {
    const step = this.#options.lab.steps[index];
    if (step === undefined) throw new Error(`the lab has no step ${index}`);
    return step;
  }
}

/** What the checks saw, to be compared. */
const seen = ({ checks }: StepVerdict): string =>
  JSON.stringify(checks.map(({ outcome, observed }) => [outcome, observed]));
