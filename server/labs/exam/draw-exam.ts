import { createHash } from 'node:crypto';
import { DOMAINS } from '../front-matter.ts';
import type { Lab, LabBlock, LabStep } from '../lab.ts';
import type { QuizItem } from '../quiz.ts';
import { quotasOf } from './quotas.ts';

/** Which of an exam's two kinds of questions it is. */
export const kindOf = (item: QuizItem): 'choice' | 'domc' => (item.style === 'domc' ? 'domc' : 'choice');

/**
 * The exam that a candidate gets: of its pool as many questions of each kind and domain as the exam asks, drawn by the seed. A step that
 * only asks is worth what its questions are worth. A lab that is no exam is given back as it is.
 */
export function drawExam(lab: Lab, seed: string): Lab {
  if (lab.exam === undefined) return lab;
  const pool = lab.steps.flatMap((step) => itemsOf(step).map((item) => ({ item, domain: item.domain ?? step.domain })));
  const rank = (id: string) => createHash('sha256').update(`${seed}\n${id}`).digest('hex');
  const quotas = quotasOf(lab.exam);
  const drawn = new Set(
    DOMAINS.flatMap((domain) =>
      (['choice', 'domc'] as const).flatMap((kind) =>
        pool
          .filter((each) => each.domain === domain && kindOf(each.item) === kind)
          .map(({ item }) => item.id)
          .sort((a, b) => rank(a).localeCompare(rank(b)))
          .slice(0, quotas[domain][kind]),
      ),
    ),
  );
  return { ...lab, steps: lab.steps.map((step) => onlyDrawn(step, drawn)) };
}

const itemsOf = (step: LabStep) => step.blocks.flatMap((block) => (block.kind === 'quiz' ? block.items : []));

function onlyDrawn(step: LabStep, drawn: ReadonlySet<string>): LabStep {
  if (itemsOf(step).length === 0) return step;
  const blocks = step.blocks.flatMap((block): LabBlock[] => {
    if (block.kind !== 'quiz') return [block];
    const items = block.items.filter((item) => drawn.has(item.id));
    return items.length === 0 ? [] : [{ ...block, items }];
  });
  const only = { ...step, blocks };
  if (blocks.some((block) => block.kind === 'checks')) return only;
  return { ...only, points: itemsOf(only).reduce((sum, item) => sum + (item.points ?? 1), 0) };
}
