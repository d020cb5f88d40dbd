import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { GRADERS } from '../../../graders/registry.ts';
import { quizItemSchema } from '../../../server/labs/quiz.ts';
import { FakeCluster } from './fake-cluster.ts';
import { judge, NOBODY } from './judge.ts';

describe.each([...GRADERS.values()])('$name', (grader) => {
  test('tells on an empty cluster what it wants, what it found, and what to do next', async () => {
    const cluster = new FakeCluster();
    cluster.set('/images/json', []);
    cluster.set('/containers/json?all=1', []);
    cluster.onExec = () => ({ exitCode: 1 });
    // Without what all checks share, and without a count of none, which an empty cluster has.
    const { points: _points, count: _count, ...example } = parse(grader.example)[0];
    const question = quizItemSchema.parse({ id: 'q', ask: 'What?', options: ['a', 'b'], right: 'b' });
    const verdict = await judge(cluster, example, { ...NOBODY, item: () => question });
    expect(verdict).toMatchObject({
      outcome: expect.stringMatching(/^(wrong|not-yet)$/),
      subject: expect.stringMatching(/./),
      expected: expect.stringMatching(/./),
      observed: expect.stringMatching(/./),
      next: expect.stringMatching(/[.?]$/),
    });
  });
});
