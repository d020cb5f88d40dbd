import type { Lab } from '../lab.ts';
import { type LabProblem, ProblemCollector } from '../lab-problem.ts';
import { freshPass, grepsTables, sleeps, unanchored } from './check-smells.ts';
import { missingImage } from './image-smell.ts';
import type { Smell } from './smell.ts';
import { lateFault, noChecks, noHint, noWrong, unreachable, unusedVariable } from './step-smells.ts';

/** Every rule there is. */
export const SMELLS: readonly Smell[] = [
  noChecks,
  noHint,
  noWrong,
  unreachable,
  lateFault,
  unusedVariable,
  sleeps,
  grepsTables,
  unanchored,
  freshPass,
  missingImage,
];

/** Looks for smells in a lab that is well-formed; in the order of the file. */
export function lintLab(lab: Lab): LabProblem[] {
  const problems = new ProblemCollector(lab.file);
  for (const smell of SMELLS)
    smell.find(lab, (position, message, expected) => problems.warning(smell.rule, position, message, expected));
  return problems.problems;
}
