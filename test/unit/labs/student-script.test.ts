import { describe, expect, test } from 'vitest';
import { parseStudentScript } from '../../../server/labs/student-script.ts';

const LAB = { steps: ['create', 'scale'], nodes: ['master', 'worker1'], firstStep: 'create' };

describe("a student's script", () => {
  test('is taken apart by its comments; every step begins on the first node again', () => {
    const steps = parseStudentScript(
      'docker a\n# node: worker1\ndocker b\n# step: scale\ndocker c\n# answer: q = x | y\n',
      LAB,
    );
    expect(steps.get('create')?.parts).toEqual([
      { node: 'master', script: 'docker a' },
      { node: 'worker1', script: 'docker b' },
    ]);
    expect(steps.get('scale')).toEqual({
      parts: [{ node: 'master', script: 'docker c' }],
      answers: new Map([['q', ['x', 'y']]]),
    });
  });

  test('keeps comments and lines as they are otherwise, whatever ends them', () => {
    const steps = parseStudentScript('# just a comment\r\ndocker a \\\r\n  b', LAB);
    expect(steps.get('create')?.parts[0]?.script).toBe('# just a comment\ndocker a \\\n  b');
  });

  test('is refused, by line, when it names what the lab does not have', () => {
    expect(() => parseStudentScript('\n# step: scael\n', LAB)).toThrow(
      'script line 2: the lab has no step `scael`; expected `scale`',
    );
    expect(() => parseStudentScript('# node: master2\n', LAB)).toThrow('expected `master`');
    expect(() => parseStudentScript('# answer: nothing\n', LAB)).toThrow('# answer: QUESTION = ANSWER');
  });
});
