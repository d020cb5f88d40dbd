import { blocksOf, type Lab } from '../lab.ts';
import { type LabProblem, ProblemCollector } from '../lab-problem.ts';
import { titlesOf } from '../translation/translated-titles.ts';
import type { Translation } from '../translation/translation.ts';

/** What a translation leaves in the original's language: allowed, but worth knowing. */
export function lintTranslation(lab: Lab, translation: Translation): LabProblem[] {
  const problems = new ProblemCollector(translation.file);
  const top = { line: 1, column: 1 };
  const tell = (message: string) => problems.warning('untranslated', top, message);
  for (const step of lab.steps) {
    const translated = translation.steps.get(step.id);
    if (translated === undefined) {
      tell(`the step \`${step.id}\` is not translated`);
      continue;
    }
    const items = step.blocks.flatMap((block) => (block.kind === 'quiz' ? block.items : []));
    for (const item of items) if (!translated.items.has(item.id)) tell(`the question \`${item.id}\` is not translated`);
    for (const title of new Set(titlesOf(step)))
      if (!translated.titles.has(title)) tell(`the title \`${title}\` of a check is not translated`);
    const hints = step.blocks.filter((block) => block.kind === 'hint').length;
    if (translated.hints.length !== hints && blocksOf(step, 'hint', undefined).length > 0)
      tell(`the step \`${step.id}\` has ${translated.hints.length} hints instead of ${hints}`);
  }
  return problems.problems;
}
