import { describe, expect, test } from 'vitest';
import { pick } from '../../../graders/quiz/live-answer.ts';
import { isRight, type QuizItem, quizItemSchema, rightAnswer } from '../../../server/labs/quiz.ts';

const item = (fields: Record<string, unknown>): QuizItem => quizItemSchema.parse({ id: 'q', ask: 'What?', ...fields });
const judged = (fields: Record<string, unknown>, answer: string[], live?: string[]) =>
  isRight(rightAnswer(item(fields), live), answer);

describe('a question', () => {
  test('with options wants exactly the right ones, in any order', () => {
    const fields = { options: ['a', 'b', 'c'], right: ['a', 'c'] };
    expect(judged(fields, ['c', 'a'])).toBe(true);
    expect(judged(fields, ['a'])).toBe(false);
    expect(judged(fields, ['a', 'b', 'c'])).toBe(false);
  });

  test('in own words does not mind case, spaces and separators', () => {
    expect(judged({ answer: ['rollback', 'docker service rollback'] }, ['Docker  service rollback '])).toBe(true);
    expect(judged({ answer: 30000 }, ['30000'])).toBe(true);
    expect(judged({ answer: '30000-32767' }, ['30000'])).toBe(false);
  });

  test('may be answered by whatever matches', () => {
    const fields = { matches: '10\\.0\\.\\d+\\.0/24', answer: '10.0.1.0/24' };
    expect(judged(fields, ['10.0.7.0/24'])).toBe(true);
    expect(judged(fields, ['x10.0.7.0/24'])).toBe(false);
  });

  test('is answered by the cluster', () => {
    const fields = { live: { get: '/networks/ingress', value: 'Peers[].IP' } };
    expect(judged(fields, ['10.10.10.110, 10.10.10.100'], ['10.10.10.100', '10.10.10.110'])).toBe(true);
    expect(judged(fields, ['10.10.10.100'], ['10.10.10.100', '10.10.10.110'])).toBe(false);
  });

  test('must be answerable', () => {
    const messages = (fields: Record<string, unknown>) =>
      quizItemSchema.safeParse({ id: 'q', ask: 'What?', ...fields }).error?.issues.map((issue) => issue.message);
    expect(messages({})).toEqual(['expected exactly one of right, answer, live']);
    expect(messages({ options: ['a', 'b'], right: 'c' })).toEqual(['expected one of the options, not "c"']);
    expect(messages({ right: 'c' })).toEqual(['expected `options` to choose from']);
    expect(messages({ answer: 'x', matches: '(' })).toEqual(['expected a regular expression']);
  });
});

describe('a path into an answer of the engine', () => {
  const network = { IPAM: { Config: [{ Subnet: '10.0.0.0/24' }] }, Peers: [{ IP: 'a' }, { IP: 'b' }], Ingress: true };

  test('leads to one value or, with [], to all', () => {
    expect(pick(network, 'IPAM.Config[0].Subnet')).toEqual(['10.0.0.0/24']);
    expect(pick(network, 'Peers[].IP')).toEqual(['a', 'b']);
    expect(pick([{ ID: 1 }, { ID: 2 }], '[].ID')).toEqual([1, 2]);
    expect(pick(network, 'Nothing.Here')).toEqual([]);
  });
});
