import type { Clock, Disposable } from '../../clock/clock.ts';
import type { GradingCluster } from '../../grading/grading-cluster.ts';
import { StepSession } from '../../grading/step-session.ts';
import { checksOf, type Lab, type LabStep } from '../../labs/lab.ts';
import { quizItemSchema } from '../../labs/quiz.ts';
import { expandValue, type Variables } from '../../labs/template.ts';
import type { Answers } from '../workspace-store.ts';

export interface SessionRequest {
  step: LabStep;
  variables: Variables;
  variant: string | undefined;
  /** For each node, the last witnessed request that does not count for this step. */
  began: Readonly<Record<string, number>>;
  /** Asked at every look. */
  answers: () => Answers;
}

/** Opens grading sessions of a lab's steps on one cluster, and keeps each until the cluster goes or the step is left. */
export class StepSessions implements Disposable {
  readonly #cluster: GradingCluster;
  readonly #lab: Lab;
  readonly #clock: Clock;
  readonly #sessions = new Map<string, StepSession>();

  constructor(cluster: GradingCluster, lab: Lab, clock: Clock) {
    this.#cluster = cluster;
    this.#lab = lab;
    this.#clock = clock;
  }

  /** For each node, the last request that it has witnessed until now; nothing for nodes that cannot tell. */
  async witnessed(): Promise<Record<string, number>> {
    const { requests, nodes } = this.#cluster;
    if (requests === undefined) return {};
    const entries = await Promise.all(
      nodes.map(async ({ name }) => {
        const seen = await requests(name, 0).catch(() => []);
        return [name, seen.at(-1)?.sequence ?? 0] as const;
      }),
    );
    return Object.fromEntries(entries);
  }

  /** The session of a step; opened, and watching for what must be seen while it happens, when it was not. */
  of(request: SessionRequest): StepSession {
    const { step } = request;
    let session = this.#sessions.get(step.id);
    if (session === undefined) {
      session = new StepSession({
        step,
        checks: checksOf(step, request.variant),
        cluster: this.#cluster,
        clock: this.#clock,
        variables: request.variables,
        student: {
          item: (id) => {
            const question = findQuestion(this.#lab, id);
            return question && quizItemSchema.parse(expandValue(question, request.variables));
          },
          answer: (id) => request.answers()[id],
          requestsAfter: (node) => request.began[node] ?? 0,
        },
      });
      session.begin();
      this.#sessions.set(step.id, session);
    }
    return session;
  }

  dispose(): void {
    for (const session of this.#sessions.values()) session.dispose();
    this.#sessions.clear();
  }
}

/** The question of that id in the lab, with its answer: for grading, never for the page. */
export function findQuestion(lab: Lab, id: string) {
  for (const step of lab.steps) {
    for (const block of step.blocks) {
      const item = block.kind === 'quiz' ? block.items.find((candidate) => candidate.id === id) : undefined;
      if (item !== undefined) return item;
    }
  }
  return undefined;
}
