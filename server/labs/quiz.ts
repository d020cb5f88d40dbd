import { z } from 'zod';
import { domainSchema } from './front-matter.ts';
import { LabMistake } from './lab-mistake.ts';
import { isPattern, matchesPattern } from './pattern.ts';

/** Text where YAML may see a number or a boolean: `right: 80`. */
const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);

/** An answer read from the cluster at the moment of grading. */
export const liveAnswerSchema = z.strictObject({
  get: z
    .string()
    .startsWith('/', 'expected a path of the Engine API such as /networks/ingress')
    .describe('A path of the Engine API, asked of a manager.'),
  value: z
    .string()
    .min(1)
    .describe('Where the answer stands in what comes back: `IPAM.Config[0].Subnet`; `Peers[].IP` gives a list.'),
  count: z.boolean().optional().describe('The answer is how many there are.'),
  lookup: z
    .strictObject({
      get: z.string().includes('{}').describe('A path in which `{}` is each value found.'),
      value: z.string().min(1),
    })
    .optional()
    .describe('What is found is looked up once more: an ID becomes a name.'),
});
export type LiveAnswer = z.infer<typeof liveAnswerSchema>;

const WAYS = ['right', 'answer', 'live'] as const;

/**
 * A question. With `options` it is multiple choice, or DOMC when `style` says so (options are shown one at a time in random order, each
 * judged yes or no, no way back); without it is answered in the student's own words.
 */
export const quizItemSchema = z
  .strictObject({
    id: z.string().regex(/^[a-z][a-z0-9-]*$/, 'expected small letters, digits and -'),
    ask: z.string().min(1).describe('The question, in Markdown.'),
    style: z.enum(['choice', 'domc']).optional().describe('How the options are asked; `choice` when left out.'),
    options: z.array(text).min(2).optional(),
    right: z
      .union([text, z.array(text).min(1)])
      .optional()
      .describe('The right option or options.'),
    answer: z
      .union([text, z.array(text).min(1)])
      .optional()
      .describe('The answer, or any of several; case and spaces around it do not matter.'),
    matches: z
      .string()
      .refine(isPattern, 'expected a regular expression')
      .optional()
      .describe('A regular expression that a right answer matches as a whole; `answer` is then one example.'),
    live: liveAnswerSchema.optional().describe('The answer is read from the cluster.'),
    because: z.string().optional().describe('Why it is so; shown with the verdict.'),
    points: z.number().positive().optional(),
    domain: domainSchema.optional(),
  })
  .check((context) => {
    const { value, issues } = context;
    const ways = WAYS.filter((way) => value[way] !== undefined);
    const complain = (path: PropertyKey[], message: string) =>
      issues.push({ code: 'custom', input: value, path, message });
    if (ways.length !== 1)
      complain(
        [],
        `expected exactly one of ${WAYS.join(', ')}${ways.length === 0 ? '' : `, not ${ways.join(' and ')}`}`,
      );
    if (value.right !== undefined && value.options === undefined)
      complain(['right'], 'expected `options` to choose from');
    if (value.style !== undefined && value.options === undefined)
      complain(['style'], 'expected `options` to choose from');
    if (value.matches !== undefined && value.answer === undefined)
      complain(['matches'], 'expected `answer` with an example that matches');
    if (value.options === undefined) return;
    if (value.answer !== undefined) complain(['answer'], 'expected `right` where there are `options`');
    for (const right of [value.right ?? []].flat())
      if (!value.options.includes(right)) complain(['right'], `expected one of the options, not "${right}"`);
    if (new Set(value.options).size < value.options.length) complain(['options'], 'expected each option once');
    if (value.matches !== undefined && !isPattern(value.matches))
      complain(['matches'], 'expected a regular expression');
  });

export type QuizItem = z.infer<typeof quizItemSchema>;
export const quizSchema = z.array(quizItemSchema).min(1);

/** What the student answered: options chosen, or a text. */
export type QuizAnswer = readonly string[];

/** The right answer to an item as grading needs it: `accepted` is one of several texts, or the set of right options. */
export type RightAnswer =
  | { kind: 'options'; right: readonly string[] }
  | { kind: 'text'; accepted: readonly string[] }
  | { kind: 'pattern'; pattern: string; example: string };

/**
 * The right answer to an item; `live` is what the cluster gave for an item that asks it (a list for several values).
 */
export function rightAnswer(item: QuizItem, live: readonly string[] | undefined): RightAnswer {
  const given = [item.right ?? item.answer ?? live ?? []].flat();
  if (item.matches !== undefined) return { kind: 'pattern', pattern: item.matches, example: given[0] ?? '' };
  if (item.options !== undefined) return { kind: 'options', right: given };
  if (item.live !== undefined) return { kind: 'text', accepted: [given.join(' ')] };
  return { kind: 'text', accepted: given };
}

/** Whether `answer` is right. Lists may be separated by commas or spaces and stand in any order. */
export function isRight(right: RightAnswer, answer: QuizAnswer): boolean {
  if (right.kind === 'pattern') return fits(right.pattern, answer.join(' ').trim());
  if (right.kind === 'options') return sameSet(right.right, answer);
  const words = (text: string) =>
    text
      .toLowerCase()
      .split(/[\s,;]+/)
      .filter((word) => word !== '');
  return right.accepted.some((accepted) => sameSet(words(accepted), words(answer.join(' '))));
}

/** No right answer keeps a pattern busy: one that does is wrong, and no way to stop a grader. */
function fits(pattern: string, answer: string): boolean {
  try {
    return matchesPattern(`^(?:${pattern})$`, answer, 'i');
  } catch (error) {
    if (error instanceof LabMistake) return false;
    throw error;
  }
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && [...a].sort().join('\n') === [...b].sort().join('\n');
}

/** One right answer as a student would write it; for the reference solution. */
export function exampleAnswer(right: RightAnswer): QuizAnswer {
  if (right.kind === 'options') return right.right;
  return right.kind === 'text' ? right.accepted.slice(0, 1) : [right.example];
}
