/** A place in a lab file; both count from 1. */
export interface SourcePosition {
  line: number;
  column: number;
}

/** Something in a lab file that breaks a rule of the format (error) or smells (warning). */
export interface LabProblem {
  file: string;
  position: SourcePosition;
  severity: 'error' | 'warning';
  /** A stable name of the rule, for tools and for switching one off. */
  rule: string;
  message: string;
  /** What would have been right. */
  expected?: string;
}

/** `file:line:column: error: message (expected ...) [rule]`, the form that editors and CI logs turn into a link. */
export function formatProblem(problem: LabProblem): string {
  const { line, column } = problem.position;
  const expected = problem.expected === undefined ? '' : `; expected ${problem.expected}`;
  return `${problem.file}:${line}:${column}: ${problem.severity}: ${problem.message}${expected} [${problem.rule}]`;
}

/** Problems in the order of the file. */
function sortProblems(problems: readonly LabProblem[]): LabProblem[] {
  return [...problems].sort((a, b) => a.position.line - b.position.line || a.position.column - b.position.column);
}

/** Collects the problems of one file while it is read, so that an author sees all of them at once. */
export class ProblemCollector {
  readonly file: string;
  readonly #problems: LabProblem[] = [];

  constructor(file: string) {
    this.file = file;
  }

  error(rule: string, position: SourcePosition, message: string, expected?: string): void {
    this.#add('error', rule, position, message, expected);
  }

  warning(rule: string, position: SourcePosition, message: string, expected?: string): void {
    this.#add('warning', rule, position, message, expected);
  }

  get problems(): LabProblem[] {
    return sortProblems(this.#problems);
  }

  get hasErrors(): boolean {
    return this.#problems.some((problem) => problem.severity === 'error');
  }

  #add(
    severity: LabProblem['severity'],
    rule: string,
    position: SourcePosition,
    message: string,
    expected: string | undefined,
  ): void {
    this.#problems.push({
      file: this.file,
      position,
      severity,
      rule,
      message,
      ...(expected === undefined ? {} : { expected }),
    });
  }
}
