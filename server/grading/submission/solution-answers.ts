import { liveAnswer, NothingThere } from '../../../graders/quiz/live-answer.ts';
import type { Clock } from '../../clock/clock.ts';
import { blocksOf, type LabStep } from '../../labs/lab.ts';
import { exampleAnswer, type QuizAnswer, rightAnswer } from '../../labs/quiz.ts';
import { ClusterView } from '../cluster-view.ts';
import type { GradingCluster } from '../grading-cluster.ts';
import type { LabSession } from '../lab-session.ts';
import { SwarmUnavailable, Unobservable } from '../verdict.ts';

/** The right answers to a step's questions, those included that the cluster itself gives; one that it cannot give is left out. */
export async function answersOfSolution(
  step: LabStep,
  session: LabSession,
  { cluster, clock }: { cluster: GradingCluster; clock: Clock },
): Promise<Map<string, QuizAnswer>> {
  const student = { item: () => undefined, answer: () => undefined, requestsAfter: () => 0 };
  const view = new ClusterView(cluster, student, clock.now());
  const answers = new Map<string, QuizAnswer>();
  for (const block of blocksOf(step, 'quiz', session.variant))
    for (const { id } of block.items) {
      const item = session.item(id);
      if (item === undefined) continue;
      try {
        answers.set(id, exampleAnswer(rightAnswer(item, item.live && (await liveAnswer(item.live, view)))));
      } catch (error) {
        const expected = [Unobservable, SwarmUnavailable, NothingThere].some((kind) => error instanceof kind);
        if (!expected) throw error;
      }
    }
  return answers;
}
