import { type LabProblem, ProblemCollector } from './lab-problem.ts';

/** Reads a file; where it is nested so deeply that reading runs out of stack, that is the one problem it has. */
export function refuseDeep<Parsed>(
  file: string,
  refused: (problems: LabProblem[]) => Parsed,
  read: () => Parsed,
): Parsed {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const problems = new ProblemCollector(file);
    problems.error('nested', { line: 1, column: 1 }, 'something in the file is nested too deeply', 'a few levels');
    return refused(problems.problems);
  }
}
