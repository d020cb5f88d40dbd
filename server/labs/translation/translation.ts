import type { RootContent } from 'mdast';
import type { HintBlock, Lab, LabBlock, LabStep } from '../lab.ts';
import type { QuizItem } from '../quiz.ts';
import type { ItemTranslation } from './translated-quiz.ts';

/** What `lab.es.md` says: everything that it does not say is the original's. */
export interface Translation {
  /** The part of the file's name between the lab's and `.md`: `es`, `pt-br`. */
  language: string;
  file: string;
  title: string | undefined;
  summary: string | undefined;
  /** Undefined when the translation begins with its first step. */
  introduction: RootContent[] | undefined;
  /** Translated steps by their IDs. */
  steps: ReadonlyMap<string, TranslatedStep>;
}

export interface TranslatedStep {
  title: string;
  /** What the student reads, in the translation's order; commands and questions are the original's, by their place among their kind. */
  shown: ({ kind: 'prose'; nodes: RootContent[] } | { kind: 'run' | 'quiz'; index: number })[];
  /** Empty: the original's hints are shown. */
  hints: HintBlock[];
  items: ReadonlyMap<string, ItemTranslation>;
  /** The titles of checks, by those that they have in the original. */
  titles: ReadonlyMap<string, string>;
}

/**
 * The lab as it reads in the translation. Commands, checks, solutions, faults and points are the original's, and so is every step and
 * question that is not translated: a translation can fall behind, but never grade differently. For reading only: grading is done with the
 * original, to which `toOriginal` leads an answer back.
 */
export function translate(lab: Lab, translation: Translation): Lab {
  return {
    ...lab,
    title: translation.title ?? lab.title,
    summary: translation.summary ?? lab.summary,
    introduction: translation.introduction ?? lab.introduction,
    steps: lab.steps.map((step) => {
      const translated = translation.steps.get(step.id);
      return translated === undefined ? step : translateStep(step, translated, translation.language);
    }),
  };
}

function translateStep(step: LabStep, translated: TranslatedStep, language: string): LabStep {
  const rest = step.blocks.filter((block) => block.kind !== 'prose' && block.kind !== 'hint');
  const shared = sharedBlocks(step);
  const blocks: LabBlock[] = [];
  for (const part of translated.shown) {
    if (part.kind === 'prose') {
      blocks.push({ kind: 'prose', nodes: part.nodes, position: step.position, variant: undefined });
      continue;
    }
    // What stands before it in the original comes before it here: solutions keep their order.
    const until = rest.indexOf(shared[part.kind][part.index] as (typeof rest)[number]);
    blocks.push(...rest.splice(0, until + 1));
  }
  const hints = translated.hints.length > 0 ? translated.hints : step.blocks.filter((block) => block.kind === 'hint');
  return {
    ...step,
    title: translated.title,
    language,
    blocks: [...blocks, ...rest, ...hints].map((block) =>
      block.kind === 'quiz'
        ? { ...block, items: block.items.map((item) => translateItem(item, translated.items.get(item.id))) }
        : block,
    ),
  };
}

/** The blocks of a step that a translation shows without repeating them. */
export function sharedBlocks(step: LabStep) {
  return {
    run: step.blocks.filter((block) => block.kind === 'shell' && block.role === 'run'),
    quiz: step.blocks.filter((block) => block.kind === 'quiz'),
  };
}

function translateItem(item: QuizItem, translation: ItemTranslation | undefined): QuizItem {
  if (translation === undefined) return item;
  const { ask = item.ask, because = item.because, options = item.options } = translation;
  const inOther = (option: string) => options?.[item.options?.indexOf(option) ?? -1] ?? option;
  return {
    ...item,
    ask,
    ...(because === undefined ? {} : { because }),
    ...(options === undefined ? {} : { options }),
    ...(item.right === undefined ? {} : { right: [item.right].flat().map(inOther) }),
  };
}

/** An answer given in the translation's words, in those of the original; one in the original's words stays as it is. */
export function toOriginal(
  lab: Lab,
  translation: Translation,
  id: string,
  answer: readonly string[],
): readonly string[] {
  return reword(lab, translation, id, answer, (theirs, ours) => [theirs, ours]);
}

/** An answer given in the original's words, in those of the translation. */
export function fromOriginal(
  lab: Lab,
  translation: Translation,
  id: string,
  answer: readonly string[],
): readonly string[] {
  return reword(lab, translation, id, answer, (theirs, ours) => [ours, theirs]);
}

function reword(
  lab: Lab,
  translation: Translation,
  id: string,
  answer: readonly string[],
  direction: (theirs: string, ours: string) => [from: string, to: string],
): readonly string[] {
  const step = lab.steps.find(({ blocks }) =>
    blocks.some((block) => block.kind === 'quiz' && hasItem(block.items, id)),
  );
  const item = step?.blocks
    .flatMap((block) => (block.kind === 'quiz' ? block.items : []))
    .find((each) => each.id === id);
  const translated = step && translation.steps.get(step.id)?.items.get(id);
  if (item === undefined || translated === undefined) return answer;
  const pairs = (translated.options ?? []).map((theirs, index) => [theirs, item.options?.[index] ?? theirs] as const);
  const first = [item.answer ?? []].flat()[0];
  if (first !== undefined) pairs.push(...(translated.answer ?? []).map((theirs) => [theirs, first] as const));
  const known = new Map(pairs.map(([theirs, ours]) => direction(theirs, ours)).map(([from, to]) => [plain(from), to]));
  return answer.map((part) => known.get(plain(part)) ?? part);
}

const hasItem = (items: readonly QuizItem[], id: string) => items.some((item) => item.id === id);
const plain = (text: string) => text.trim().toLowerCase().replace(/\s+/g, ' ');
