import { z } from 'zod';
import type { LabStep } from '../lab.ts';
import type { SourcePosition } from '../lab-problem.ts';
import { type ParseContext, placeIn } from '../parse-context.ts';
import { parseAgainst } from '../schema-problems.ts';
import { describeChoices } from '../suggestion.ts';
import { parseYamlBlock } from '../yaml-block.ts';

/** Titles of checks in another language, by those that they have in the original. */
const translatedTitlesSchema = z.record(z.string(), z.string().min(1));

/** The titles that a step's checks have. */
export const titlesOf = (step: LabStep): string[] =>
  step.blocks
    .flatMap((block) => (block.kind === 'checks' ? block.checks : []))
    .flatMap(({ value: { title } }) => (typeof title === 'string' ? [title] : []));

/** Reads a block of translated titles; each must be that of a check of the original step. */
export function parseTranslatedTitles(
  source: string,
  start: SourcePosition,
  original: LabStep | undefined,
  context: ParseContext,
): Record<string, string> {
  const yaml = parseYamlBlock(source, start, context.problems, 'titles');
  if (yaml === undefined) return {};
  context.checkReferences(source, placeIn(source, start));
  const parsed = parseAgainst(translatedTitlesSchema, yaml.value, yaml.locate, context.problems, 'titles') ?? {};
  const known = original === undefined ? [] : titlesOf(original);
  for (const title of Object.keys(parsed))
    if (!known.includes(title))
      context.problems.error(
        'translation',
        yaml.locate([title], 'key'),
        `the original step has no check with the title \`${title}\``,
        describeChoices(title, known),
      );
  return parsed;
}
