import type { ClusterView } from '../server/grading/cluster-view.ts';
import { Unobservable } from '../server/grading/verdict.ts';
import { isRight, type QuizAnswer, type QuizItem, type RightAnswer, rightAnswer } from '../server/labs/quiz.ts';
import { text } from './fields.ts';
import { defineGrader } from './grader.ts';
import { liveAnswer, NothingThere } from './quiz/live-answer.ts';

interface Seen {
  item: QuizItem;
  /** Undefined when what the question asks about is not there. */
  right: RightAnswer | undefined;
  answer: QuizAnswer | undefined;
}

/** An answered question. Every question of a `yaml quiz` block is checked by itself; the right answer is never told. */
export const quiz = defineGrader({
  name: 'quiz',
  summary:
    'An answered question. Every question of a `yaml quiz` block is a check by itself; write one of these only to give a question other timing or points. The right answer is never told.',
  example: '- quiz: ingress-subnet\n  points: 2',
  cost: 'state',
  fields: { quiz: text().describe('The ID of the question.') },
  async observe(spec, view): Promise<Seen> {
    const item = view.student.item(spec.quiz);
    if (item === undefined) throw new Unobservable(`the lab has no question called ${spec.quiz}`);
    return { item, right: await find(item, view), answer: view.student.answer(spec.quiz) };
  },
  explain(spec, { item, right, answer }) {
    const subject = `question ${spec.quiz}`;
    const expected = 'the right answer';
    if (answer === undefined)
      return { outcome: 'wrong', subject, expected, observed: 'not answered', next: 'Answer it.' };
    if (right === undefined)
      return {
        outcome: 'wrong',
        subject,
        expected,
        observed: `answered ${answer.join(', ')}`,
        because: 'what it asks about is not there',
        next: 'Do the steps before this one first.',
      };
    if (isRight(right, answer))
      return {
        outcome: 'pass',
        subject,
        expected,
        observed: `answered ${answer.join(', ')}`,
        ...(item.because === undefined ? {} : { because: item.because }),
      };
    return {
      outcome: 'wrong',
      subject,
      expected,
      observed: `answered ${answer.join(', ') || 'nothing'}`,
      next: 'Look again, and answer again.',
    };
  },
});

async function find(item: QuizItem, view: ClusterView): Promise<RightAnswer | undefined> {
  try {
    return rightAnswer(item, item.live && (await liveAnswer(item.live, view)));
  } catch (error) {
    if (error instanceof NothingThere) return undefined;
    throw error;
  }
}
