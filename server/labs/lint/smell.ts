import type { Lab } from '../lab.ts';
import type { SourcePosition } from '../lab-problem.ts';

/** Tells of a smell at a place in the file. */
export type Tell = (position: SourcePosition, message: string, expected?: string) => void;

/** A rule about labs that are well-formed, but likely to grade badly or to leave a student alone. */
export interface Smell {
  /** Its name in what is printed. */
  rule: string;
  /** What it looks for, for the authors' page. */
  about: string;
  find(lab: Lab, tell: Tell): void;
}
