import type { Outcome, Results } from './suite.ts';

/** What two runs of the same suite have not in common. */
export interface ResultDifference {
  /** Passed on the real Swarm, not on ours. */
  lost: string[];
  /** Passed on ours, not on the real Swarm. */
  gained: string[];
}

/** Compares a run on a real Swarm with one on ours. */
export function compareResults(real: Results, ours: Results): ResultDifference {
  return { lost: missing(real, ours), gained: missing(ours, real) };
}

/** The names of the tests that ended so, sorted. */
export function namesOf(results: Results, outcome: Outcome): string[] {
  return [...results]
    .filter(([, each]) => each === outcome)
    .map(([name]) => name)
    .sort();
}

function missing(there: Results, here: Results): string[] {
  return namesOf(there, 'passed').filter((name) => here.get(name) !== 'passed');
}
