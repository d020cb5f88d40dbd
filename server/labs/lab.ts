import type { RootContent } from 'mdast';
import type { Fault } from './fault.ts';
import type { Domain, LabCluster, LabExam } from './front-matter.ts';
import type { SourcePosition } from './lab-problem.ts';
import type { QuizItem } from './quiz.ts';
import type { VariableSource } from './variables.ts';

/** A lab as its file says it: variables are not drawn yet, and everything the student must not see is in it. */
export interface Lab {
  /** The file's name without `.md`. */
  name: string;
  file: string;
  /** SHA-256 of the file's text; with the seed it says exactly what a student was asked. */
  hash: string;
  title: string;
  summary: string;
  minutes: number;
  domain: Domain;
  /** Its place in the list of labs, if the author says one. */
  order: number | undefined;
  cluster: LabCluster;
  vars: Readonly<Record<string, VariableSource>>;
  variants: Readonly<Record<string, LabVariant>>;
  exam: LabExam | undefined;
  /** What stands before the first step. */
  introduction: RootContent[];
  steps: LabStep[];
}

export interface LabVariant {
  summary: string;
  cluster: LabCluster;
  vars: Readonly<Record<string, VariableSource>>;
}

export interface LabStep {
  id: string;
  title: string;
  points: number;
  /** The exam's domain that it belongs to: the lab's where it does not say. */
  domain: Domain;
  position: SourcePosition;
  blocks: LabBlock[];
  /** The language that it reads in, where a translation has it in another than the lab's own. */
  language?: string;
}

/** A block belongs to one variant of the lab, or (undefined) to all. */
interface BlockPlace {
  position: SourcePosition;
  variant: string | undefined;
}

export interface ProseBlock extends BlockPlace {
  kind: 'prose';
  nodes: RootContent[];
}

export interface ShellBlock extends BlockPlace {
  kind: 'shell';
  /** `run` is shown and part of the reference solution, `solution` is only the latter, `wrong` must be refused by the checks. */
  role: 'run' | 'solution' | 'wrong';
  node: string;
  script: string;
  /** What ends a command that would not end by itself. */
  ends: { after: number } | { when: string } | undefined;
  /** What is wrong about a wrong solution. */
  because: string | undefined;
  /** Why leaving this out need not be noticed by any check. */
  unchecked: string | undefined;
}

export interface ChecksBlock extends BlockPlace {
  kind: 'checks';
  checks: CheckSource[];
}

/** A check as written: its values may still hold `{{names}}`. */
export interface CheckSource {
  /** The grader's name: the first key. */
  grader: string;
  value: Readonly<Record<string, unknown>>;
  position: SourcePosition;
  /** The exam's domain that it counts for. */
  domain?: Domain;
}

export interface HintBlock extends BlockPlace {
  kind: 'hint';
  nodes: RootContent[];
}

export interface QuizBlock extends BlockPlace {
  kind: 'quiz';
  items: QuizItem[];
}

export interface FaultBlock extends BlockPlace {
  kind: 'fault';
  faults: Fault[];
}

export type LabBlock = ProseBlock | ShellBlock | ChecksBlock | HintBlock | QuizBlock | FaultBlock;

/** The blocks of one kind that belong to the chosen variant, in order. */
export function blocksOf<Kind extends LabBlock['kind']>(
  step: LabStep,
  kind: Kind,
  variant: string | undefined,
): Extract<LabBlock, { kind: Kind }>[] {
  return step.blocks.filter(
    (block): block is Extract<LabBlock, { kind: Kind }> =>
      block.kind === kind && (block.variant === undefined || block.variant === variant),
  );
}

/** The blocks of the reference solution, in order. */
export function solutionOf(step: LabStep, variant: string | undefined): ShellBlock[] {
  return blocksOf(step, 'shell', variant).filter((block) => block.role !== 'wrong');
}

/** The checks of a step, in order; each quiz item is one. */
export function checksOf(step: LabStep, variant: string | undefined): CheckSource[] {
  return step.blocks
    .filter((block) => block.variant === undefined || block.variant === variant)
    .flatMap((block) => {
      if (block.kind === 'checks') return block.checks.map((check) => ({ ...check, domain: step.domain }));
      if (block.kind !== 'quiz') return [];
      return block.items.map((item) => ({
        grader: 'quiz',
        value: { quiz: item.id, ...(item.points === undefined ? {} : { points: item.points }) },
        position: block.position,
        domain: item.domain ?? step.domain,
      }));
    });
}
