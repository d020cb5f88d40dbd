import { GRADERS } from '../../graders/registry.ts';
import { boundNames, checkSchema, timingFields } from './check-schema.ts';
import { type Fault, faultsSchema } from './fault.ts';
import type { CheckSource } from './lab.ts';
import type { SourcePosition } from './lab-problem.ts';
import { parseMarkdown } from './markdown.ts';
import { type ParseContext, placeIn } from './parse-context.ts';
import { type QuizItem, quizSchema } from './quiz.ts';
import { parseAgainst } from './schema-problems.ts';
import { describeChoices } from './suggestion.ts';
import { expandValue } from './template.ts';
import { parseYamlBlock } from './yaml-block.ts';

/** Reads the checks of a block; each must name its grader with its first key and have what that grader understands. */
export function parseChecks(text: string, start: SourcePosition, context: ParseContext): CheckSource[] {
  const yaml = parseYamlBlock(text, start, context.problems, 'checks');
  if (yaml === undefined) return [];
  if (!Array.isArray(yaml.value)) {
    context.problems.error('check', start, 'checks are a list', '`- service: NAME` and so on');
    return [];
  }
  return yaml.value.flatMap((value: unknown, index): CheckSource[] => {
    const position = yaml.locate([index]);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      context.problems.error('check', position, 'a check is a mapping', '`- service: NAME` and so on');
      return [];
    }
    const grader = Object.keys(value).find((key) => !(key in timingFields)) ?? '';
    if (!GRADERS.has(grader)) {
      context.problems.error(
        'check',
        yaml.locate([index, grader], 'key'),
        grader === '' ? 'the check names no grader' : `no grader is called \`${grader}\``,
        `the grader's name first: ${describeChoices(grader, GRADERS.keys())}`,
      );
      return [];
    }
    const schema = checkSchema(grader);
    checkYamlReferences(value, [index], yaml.locate, context);
    if (schema !== undefined)
      parseAgainst(
        schema,
        expandValue(value, context.variables),
        (path, of) => yaml.locate([index, ...path], of),
        context.problems,
        'check',
      );
    for (const name of boundNames(value)) context.bind(name);
    return [{ grader, value: { ...value }, position }];
  });
}

/** Reads quiz items; IDs are unique in the whole lab. */
export function parseQuiz(text: string, start: SourcePosition, context: ParseContext): QuizItem[] {
  const yaml = parseYamlBlock(text, start, context.problems, 'quiz');
  if (yaml === undefined) return [];
  context.checkReferences(text, placeIn(text, start));
  const items = parseAgainst(quizSchema, yaml.value, yaml.locate, context.problems, 'quiz') ?? [];
  // The page makes Markdown of what is asked: what that cannot do is to be known now.
  for (const { ask } of items) parseMarkdown(ask);
  for (const [index, item] of items.entries())
    if (!context.claimItem(item.id))
      context.problems.error(
        'quiz',
        yaml.locate([index, 'id']),
        `two questions are called \`${item.id}\``,
        'a name of its own',
      );
  return items;
}

/** Reads the faults of a step. */
export function parseFaults(text: string, start: SourcePosition, context: ParseContext): Fault[] {
  const yaml = parseYamlBlock(text, start, context.problems, 'faults');
  if (yaml === undefined) return [];
  context.checkReferences(text, placeIn(text, start));
  const faults = parseAgainst(faultsSchema, yaml.value, yaml.locate, context.problems, 'fault') ?? [];
  for (const [index, fault] of faults.entries())
    for (const [key, value] of Object.entries(fault))
      if (['stop', 'start', 'disconnect', 'connect', 'from', 'on'].includes(key))
        for (const node of [value].flat()) context.checkNode(node, yaml.locate([index, key]));
  return faults;
}

function checkYamlReferences(
  value: unknown,
  path: readonly PropertyKey[],
  locate: (path: readonly PropertyKey[]) => SourcePosition,
  context: ParseContext,
): void {
  if (typeof value === 'string') context.checkReferences(value, () => locate(path));
  else if (Array.isArray(value))
    for (const [index, item] of value.entries()) checkYamlReferences(item, [...path, index], locate, context);
  else if (typeof value === 'object' && value !== null)
    for (const [key, item] of Object.entries(value)) checkYamlReferences(item, [...path, key], locate, context);
}
