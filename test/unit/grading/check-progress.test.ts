import { describe, expect, test } from 'vitest';
import { type CheckMemory, CheckProgress, WRONG_SETTLES } from '../../../server/grading/check-progress.ts';
import type { Outcome, Verdict } from '../../../server/grading/verdict.ts';
import type { CheckTiming } from '../../../server/labs/check-schema.ts';

const look = (outcome: Outcome): Verdict => ({ outcome, subject: 'web', expected: 'much', observed: outcome });

/** Feeds looks at the given seconds and gives the state after each. */
function states(timing: CheckTiming, looks: [second: number, outcome: Outcome][], memory: CheckMemory = {}) {
  const progress = new CheckProgress(timing, 0, memory);
  return looks.map(([second, outcome]) => {
    progress.feed(second * 1000, look(outcome));
    const state = progress.state(second * 1000);
    return `${state?.verdict.outcome}${state?.settled ? '!' : ''}`;
  });
}

describe('a check over time', () => {
  test('passes as soon as it holds, and is not yet until its time is over', () => {
    expect(
      states({}, [
        [0, 'not-yet'],
        [10, 'not-yet'],
        [29, 'pass'],
      ]),
    ).toEqual(['not-yet', 'not-yet', 'pass!']);
    expect(
      states({ within: 5000 }, [
        [0, 'not-yet'],
        [5, 'not-yet'],
      ]),
    ).toEqual(['not-yet', 'not-yet!']);
  });

  test('says that it waited', () => {
    const progress = new CheckProgress({ within: 5000 }, 0, {});
    progress.feed(5000, look('not-yet'));
    expect(progress.state(5000)?.verdict.because).toBe('not so within 5s');
  });

  test('believes that something is wrong only when it stays wrong for a moment', () => {
    const moment = WRONG_SETTLES / 1000;
    expect(
      states({}, [
        [0, 'wrong'],
        [moment / 2, 'pass'],
      ]),
    ).toEqual(['wrong', 'pass!']);
    expect(
      states({}, [
        [0, 'wrong'],
        [moment, 'wrong'],
      ]),
    ).toEqual(['wrong', 'wrong!']);
  });

  test('may have to hold without a break', () => {
    const timing = { stable: 5000 };
    expect(
      states(timing, [
        [0, 'pass'],
        [4, 'pass'],
        [5, 'pass'],
      ]),
    ).toEqual(['not-yet', 'not-yet', 'pass!']);
    expect(
      states(timing, [
        [0, 'pass'],
        [4, 'not-yet'],
        [5, 'pass'],
        [9, 'pass'],
        [10, 'pass'],
      ]),
    ).toEqual(['not-yet', 'not-yet', 'not-yet', 'not-yet', 'pass!']);
  });

  test('is level: what held and holds no more does not pass, unless it is edge or reached', () => {
    const looks: [number, Outcome][] = [
      [0, 'pass'],
      [1, 'wrong'],
      [10, 'wrong'],
    ];
    expect(states({}, looks).at(-1)).toBe('wrong!');
    expect(states({ edge: true }, looks).at(-1)).toBe('pass!');
    expect(states({ reached: true }, looks).at(-1)).toBe('pass!');
  });

  test('remembers what was reached before it was asked for', () => {
    const memory: CheckMemory = { passed: { at: -60_000, verdict: look('pass') } };
    expect(states({ reached: true }, [[0, 'wrong']], memory)).toEqual(['pass!']);
  });

  test('that must never hold fails for good once it did, and passes when nothing happened meanwhile', () => {
    expect(
      states({ never: 4000 }, [
        [0, 'wrong'],
        [4, 'not-yet'],
      ]),
    ).toEqual(['not-yet', 'pass!']);
    expect(
      states({ never: true }, [
        [0, 'pass'],
        [1, 'wrong'],
      ]),
    ).toEqual(['wrong!', 'wrong!']);
  });

  test('that cannot be seen is settled at once; one that could not be asked is asked again for a while', () => {
    expect(states({}, [[0, 'unobservable']])).toEqual(['unobservable!']);
    expect(
      states({}, [
        [0, 'error'],
        [1, 'pass'],
      ]),
    ).toEqual(['error', 'pass!']);
    expect(
      states({}, [
        [0, 'error'],
        [3, 'error'],
      ]),
    ).toEqual(['error', 'error!']);
  });

  test('is never late in a live view', () => {
    const progress = new CheckProgress({ within: 1000 }, 0, {}, Number.POSITIVE_INFINITY);
    progress.feed(60_000, look('not-yet'));
    expect(progress.state(60_000)).toMatchObject({ settled: false, verdict: { outcome: 'not-yet' } });
  });
});
