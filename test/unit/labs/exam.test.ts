import { describe, expect, test } from 'vitest';
import { drawExam, kindOf } from '../../../server/labs/exam/draw-exam.ts';
import { quotasOf } from '../../../server/labs/exam/quotas.ts';
import { DOMAIN_SHARES, DOMAINS } from '../../../server/labs/front-matter.ts';
import { checksOf, type Lab } from '../../../server/labs/lab.ts';
import { loadLab } from '../../../server/labs/lab-library.ts';
import { formatProblem } from '../../../server/labs/lab-problem.ts';
import { parseLab } from '../../../server/labs/parse-lab.ts';

const exam = await loadLab('exam');
const itemsOf = (lab: Lab) =>
  lab.steps.flatMap((step) =>
    step.blocks.flatMap((block) =>
      block.kind === 'quiz' ? block.items.map((item) => ({ item, domain: item.domain ?? step.domain })) : [],
    ),
  );

describe('the practice exam', () => {
  test.each(['a', 'b', 'c'])(
    'asks candidate %s 13 multiple choice and 42 DOMC questions in the proportions',
    (seed) => {
      const asked = itemsOf(drawExam(exam, seed));
      expect(asked.filter(({ item }) => kindOf(item) === 'choice')).toHaveLength(13);
      expect(asked.filter(({ item }) => kindOf(item) === 'domc')).toHaveLength(42);
      for (const domain of DOMAINS) {
        const share = asked.filter((each) => each.domain === domain).length / 55;
        expect(Math.abs(share - DOMAIN_SHARES[domain])).toBeLessThan(0.01);
      }
    },
  );

  test('asks a candidate the same questions again, and another one others', () => {
    const ids = (seed: string) => itemsOf(drawExam(exam, seed)).map(({ item }) => item.id);
    expect(ids('a')).toEqual(ids('a'));
    expect(ids('a')).not.toEqual(ids('b'));
  });

  test('takes 90 minutes, a point a question and 20 for tasks by hand, in the same proportions', () => {
    const drawn = drawExam(exam, 'a');
    expect(exam.exam).toMatchObject({ minutes: 90, choice: 13, domc: 42 });
    const byHand = drawn.steps.filter((step) => checksOf(step, undefined).some((check) => check.grader !== 'quiz'));
    expect(drawn.steps.reduce((sum, step) => sum + step.points, 0)).toBe(75);
    expect(Object.fromEntries(byHand.map((step) => [step.domain, step.points / 20]))).toEqual(DOMAIN_SHARES);
  });

  test('has the port that Swarm chooses at random', () => {
    const port = itemsOf(exam).find(({ item }) => item.id === 'o-port')?.item;
    expect(port?.right).toBe('at random from 30000 to 32767');
  });
});

test('questions are shared out by the largest remainders', () => {
  expect(quotasOf({ minutes: 90, choice: 13, domc: 42, pass: 0.65 })).toEqual({
    orchestration: { choice: 3, domc: 11 },
    images: { choice: 3, domc: 8 },
    installation: { choice: 2, domc: 6 },
    networking: { choice: 2, domc: 6 },
    security: { choice: 2, domc: 6 },
    storage: { choice: 1, domc: 5 },
  });
});

describe('a pool', () => {
  const problemsOf = (front: string, quiz: string) =>
    parseLab(
      `---\ntitle: T\nsummary: S\nminutes: 1\ndomain: orchestration\nexam: ${front}\n---\n\n## Questions {#q domain=images}\n\n\`\`\`yaml quiz\n${quiz}\n\`\`\`\n`,
      'x.md',
    ).problems.map(formatProblem);

  test('must be large enough in each domain', () => {
    const problems = problemsOf(
      '{ minutes: 1, choice: 4, domc: 0, pass: 0.5 }',
      '- { id: a, ask: A?, options: [x, y], right: x }',
    );
    expect(problems).toContain(
      'x.md:1:1: error: the pool has 0 choice questions on orchestration; expected at least 1 [exam]',
    );
    expect(problems.join('\n')).not.toContain('on images');
  });

  test('must have options everywhere', () => {
    const problems = problemsOf('{ minutes: 1, choice: 0, domc: 0, pass: 0.5 }', '- { id: a, ask: A?, answer: x }');
    expect(problems).toEqual([
      'x.md:11:1: error: the question `a` has no options; expected `options`, as in the exam [exam]',
    ]);
  });
});
