import type { Clock } from '../clock/clock.ts';
import { blocksOf, checksOf, type Lab, type LabStep } from '../labs/lab.ts';
import { type QuizAnswer, type QuizItem, quizItemSchema } from '../labs/quiz.ts';
import { expandValue, type Variables } from '../labs/template.ts';
import { drawVariables } from '../labs/variables.ts';
import type { StudentRecord } from './cluster-view.ts';
import type { EvidenceCollector } from './evidence/evidence-collector.ts';
import type { StepEvidence } from './evidence/step-evidence.ts';
import type { GradingCluster } from './grading-cluster.ts';
import { StepSession } from './step-session.ts';
import { ClusterUnreachable } from './verdict.ts';

export interface LabSessionOptions {
  lab: Lab;
  cluster: GradingCluster;
  clock: Clock;
  /** What the variables are drawn by. */
  seed: string;
  variant?: string;
  /** Names that checks have bound earlier: a session that goes on. */
  bound?: Variables;
  /** Keeps everything that is seen. */
  evidence?: EvidenceCollector;
}

/** One student at one lab on one cluster: the names known so far, the answers given, and the steps as they are begun. */
export class LabSession {
  readonly lab: Lab;
  readonly variant: string | undefined;
  readonly #options: LabSessionOptions;
  readonly #answers = new Map<string, QuizAnswer>();
  readonly #items: ReadonlyMap<string, QuizItem>;
  #variables: Variables;
  #evidence: StepEvidence | undefined;

  constructor(options: LabSessionOptions) {
    const { lab, variant } = options;
    this.#options = options;
    this.lab = lab;
    this.variant = variant;
    const sources = variant === undefined ? lab.vars : (lab.variants[variant]?.vars ?? lab.vars);
    this.#variables = { ...drawVariables(sources, options.seed), ...options.bound };
    this.#items = new Map(
      lab.steps.flatMap((step) =>
        blocksOf(step, 'quiz', variant).flatMap((block) => block.items.map((item) => [item.id, item] as const)),
      ),
    );
  }

  /** Every name known now: the drawn ones and those that checks have bound. */
  get variables(): Variables {
    return this.#variables;
  }

  /** Keeps the names that a step's checks have found. */
  remember(variables: Variables): void {
    this.#variables = { ...this.#variables, ...variables };
  }

  /** What everything is drawn by that is left to chance. */
  get seed(): string {
    return this.#options.seed;
  }

  /** A question with its names put in. */
  item(id: string): QuizItem | undefined {
    const written = this.#items.get(id);
    return written && quizItemSchema.parse(expandValue(written, this.#variables));
  }

  answer(id: string, answer: QuizAnswer): void {
    this.#answers.set(id, answer);
  }

  /** The step that was begun last is judged: its names are kept, and its evidence is complete. */
  finish(session: StepSession): void {
    this.remember(session.variables);
    if (this.#evidence !== undefined) this.#options.evidence?.finish(this.#evidence, Object.fromEntries(this.#answers));
    this.#evidence = undefined;
  }

  /**
   * Begins a step: from now on requests count for it, and what has to be gone must have been there. With `anyTime` every request counts
   * that was ever made, and nothing is asked of the past: what a cluster needs that somebody has worked on already. `keepAnswers: false` forgets what was
   * answered to its questions.
   */
  async begin(step: LabStep, options: { anyTime?: boolean; keepAnswers?: boolean } = {}): Promise<StepSession> {
    const { cluster, clock } = this.#options;
    const marks = options.anyTime ? new Map<string, number>() : await requestMarks(cluster);
    const student: StudentRecord = {
      item: (id) => this.item(id),
      answer: (id) => (options.keepAnswers === false ? undefined : this.#answers.get(id)),
      requestsAfter: (node) => marks.get(node) ?? 0,
    };
    const checks = checksOf(step, this.variant);
    const variables = this.#variables;
    const evidence = this.#options.evidence?.begin(step.id, variables, Object.fromEntries(marks));
    this.#evidence = evidence;
    const kept = evidence === undefined ? {} : { evidence };
    const session = new StepSession({ step, checks, cluster, clock, student, variables, ...kept });
    if (!options.anyTime) await session.noteAbsences();
    session.begin();
    return session;
  }
}

/** The last request that each node's witness has written down. A node that does not answer (it may be switched off) begins at 0. */
async function requestMarks(cluster: GradingCluster): Promise<Map<string, number>> {
  const marks = new Map<string, number>();
  const { requests } = cluster;
  if (requests === undefined) return marks;
  await Promise.all(
    cluster.nodes.map(async ({ name }) => {
      try {
        marks.set(name, (await requests(name, 0)).at(-1)?.sequence ?? 0);
      } catch (error) {
        if (!(error instanceof ClusterUnreachable)) throw error;
      }
    }),
  );
  return marks;
}
