import { blocksOf, checksOf, type Lab, type LabBlock, type LabStep } from '../../labs/lab.ts';
import { parseMarkdown } from '../../labs/markdown.ts';
import type { QuizItem } from '../../labs/quiz.ts';
import { expandText, type Variables } from '../../labs/template.ts';
import type { BlockView, LabView, QuizView, StepView } from '../view/lab-view.ts';
import type { Prose } from '../view/prose.ts';
import { type Expand, proseFromMarkdown } from './prose-from-markdown.ts';

/** What a lab is read with: the student's values for its variables, and what checks have found since; their variant of it. */
export interface LabReading {
  variables: Variables;
  variant: string | undefined;
}

/**
 * A lab as it may leave the server. Built from what a student may see, never by taking away from the whole: a new kind of block is
 * invisible until it is added here. A name that no check has found yet is shown as `<name>`.
 */
export function labForPage(lab: Lab, reading: LabReading): LabView {
  const expand = expanderOf(reading);
  return {
    name: lab.name,
    title: expand(lab.title),
    summary: expand(lab.summary),
    minutes: lab.minutes,
    introduction: proseFromMarkdown(lab.introduction, expand),
    ...(lab.exam && { exam: { minutes: lab.exam.minutes, pass: lab.exam.pass } }),
    steps: lab.steps.map((step) => stepForPage(step, reading, expand)),
  };
}

/** The first `count` hints of a step, as far as there are so many. */
export function hintsForPage(step: LabStep, count: number, reading: LabReading): Prose[][] {
  return blocksOf(step, 'hint', reading.variant)
    .slice(0, count)
    .map((block) => proseFromMarkdown(block.nodes, expanderOf(reading)));
}

function expanderOf(reading: LabReading): Expand {
  return (text) => expandText(text, reading.variables, (name) => `<${name}>`);
}

function stepForPage(step: LabStep, reading: LabReading, expand: Expand): StepView {
  return {
    id: step.id,
    title: expand(step.title),
    ...(step.language !== undefined && { language: step.language }),
    points: step.points,
    domain: step.domain,
    blocks: step.blocks
      .filter((block) => block.variant === undefined || block.variant === reading.variant)
      .flatMap((block) => blockForPage(block, expand)),
    checks: checksOf(step, reading.variant).length,
    hints: blocksOf(step, 'hint', reading.variant).length,
  };
}

function blockForPage(block: LabBlock, expand: Expand): BlockView[] {
  switch (block.kind) {
    case 'prose':
      return [{ kind: 'prose', nodes: proseFromMarkdown(block.nodes, expand) }];
    case 'shell': {
      if (block.role !== 'run') return [];
      const script = expand(block.script).replace(/\n+$/, '');
      return [{ kind: 'run', node: block.node, script, endless: block.ends !== undefined }];
    }
    case 'quiz':
      return [{ kind: 'quiz', items: block.items.map((item) => quizForPage(item, expand)) }];
    case 'checks':
    case 'hint':
    case 'fault':
      return [];
  }
}

function quizForPage(item: QuizItem, expand: Expand): QuizView {
  const style = item.options === undefined ? 'text' : (item.style ?? 'choice');
  return {
    id: item.id,
    ask: proseFromMarkdown(parseMarkdown(item.ask).children, expand),
    style,
    options: style === 'choice' ? (item.options ?? []).map(expand) : [],
    several: Array.isArray(item.right) && item.right.length > 1,
  };
}
