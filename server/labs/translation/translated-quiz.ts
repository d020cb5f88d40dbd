import { z } from 'zod';
import type { SourcePosition } from '../lab-problem.ts';
import type { ParseContext } from '../parse-context.ts';
import { placeIn } from '../parse-context.ts';
import type { QuizItem } from '../quiz.ts';
import { parseAgainst } from '../schema-problems.ts';
import { describeChoices } from '../suggestion.ts';
import { parseYamlBlock } from '../yaml-block.ts';

const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);

/** A question in another language; what is left out is asked in the original's words. */
const itemTranslationSchema = z.strictObject({
  id: z.string().describe('The ID that the question has in the original.'),
  ask: z.string().min(1).optional(),
  options: z
    .array(text)
    .min(2)
    .optional()
    .describe("All of the original's options, in its order; which of them are right is the original's to say."),
  answer: z
    .union([text.transform((one) => [one]), z.array(text).min(1)])
    .optional()
    .describe("Answers in this language that are as good as the original's; those stay right, too."),
  because: z.string().optional(),
});

export type ItemTranslation = z.output<typeof itemTranslationSchema>;

/** Reads a block of translated questions; each must be one of `items`, the questions of the original step. */
export function parseTranslatedQuiz(
  source: string,
  start: SourcePosition,
  items: readonly QuizItem[],
  context: ParseContext,
): ItemTranslation[] {
  const yaml = parseYamlBlock(source, start, context.problems, 'quiz');
  if (yaml === undefined) return [];
  context.checkReferences(source, placeIn(source, start));
  const schema = z.array(itemTranslationSchema).min(1);
  const parsed = parseAgainst(schema, yaml.value, yaml.locate, context.problems, 'quiz') ?? [];
  return parsed.filter((translated, index) => {
    const complain = (key: string, message: string, expected: string) => {
      context.problems.error('translation', yaml.locate([index, key]), message, expected);
      return false;
    };
    const item = items.find(({ id }) => id === translated.id);
    const ids = items.map(({ id }) => id);
    if (item === undefined)
      return complain(
        'id',
        `the original step has no question \`${translated.id}\``,
        describeChoices(translated.id, ids),
      );
    if (!context.claimItem(item.id)) return complain('id', `\`${item.id}\` is translated twice`, 'each question once');
    if (translated.answer !== undefined && item.answer === undefined)
      return complain('answer', "the original's answer is not a text of its own", 'no `answer`');
    if (translated.options === undefined) return true;
    if (item.live !== undefined)
      return complain('options', 'the right option is read from the cluster', 'no `options`');
    const count = item.options?.length ?? 0;
    if (translated.options.length !== count)
      return complain(
        'options',
        `there are ${translated.options.length} options`,
        `the original's ${count}, in its order`,
      );
    if (new Set(translated.options).size < count) return complain('options', 'two options read the same', 'each once');
    return true;
  });
}
