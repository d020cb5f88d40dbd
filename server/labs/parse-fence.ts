import type { Code, RootContent } from 'mdast';
import { parseDuration } from './duration.ts';
import { type InfoString, parseInfoString } from './info-string.ts';
import type { LabBlock, ShellBlock } from './lab.ts';
import type { SourcePosition } from './lab-problem.ts';
import { parseMarkdown } from './markdown.ts';
import { type ParseContext, placeIn, startOf } from './parse-context.ts';
import { parseChecks, parseFaults, parseQuiz } from './parse-yaml-blocks.ts';
import { describeChoices } from './suggestion.ts';

const SHELL_ROLES = ['run', 'solution', 'wrong'] as const;
const SHELL_ATTRIBUTES = [...SHELL_ROLES, 'for', 'until', 'because', 'unchecked', 'variant'];
const YAML_KINDS = ['check', 'quiz', 'fault'] as const;

/**
 * Reads a fenced block. A block without a mark behind its language is prose; one with a mark is live, and a mark that nobody knows is an
 * error, so that a slip does not turn a check into decoration.
 */
export function parseFence(code: Code, context: ParseContext): LabBlock {
  const position = startOf(code);
  const prose: LabBlock = { kind: 'prose', nodes: [code], position, variant: undefined };
  const language = code.lang ?? '';
  if (code.meta === null || code.meta === undefined || !['sh', 'bash', 'yaml', 'yml', 'md'].includes(language)) {
    context.checkReferences(code.value, placeIn(code.value, bodyStart(code)));
    return prose;
  }
  const info = parseInfoString(code.meta, metaStart(code, context.source));
  if (info.unreadable !== undefined)
    context.problems.error(
      'info-string',
      info.unreadable,
      'this cannot be read',
      'a word, name=value or name="several words"',
    );
  if (language === 'sh' || language === 'bash') return parseShell(code, info, context) ?? prose;
  return parseMarked(code, language, info, context) ?? prose;
}

function parseMarked(code: Code, language: string, info: InfoString, context: ParseContext): LabBlock | undefined {
  const position = startOf(code);
  const kinds: readonly string[] = language === 'md' ? ['hint'] : YAML_KINDS;
  const mark = info.words[0];
  if (mark === undefined || !kinds.includes(mark.word)) {
    context.problems.error(
      'info-string',
      mark?.position ?? position,
      mark === undefined
        ? `a \`${language}\` block with marks needs to say what it is`
        : `there is no \`${language} ${mark.word}\``,
      describeChoices(mark?.word ?? '', kinds),
    );
    return undefined;
  }
  refuseUnknown(info, ['variant'], context);
  const place = { position, variant: parseVariant(info, context) };
  const start = bodyStart(code);
  if (mark.word === 'hint') {
    context.checkReferences(code.value, placeIn(code.value, start));
    return { kind: 'hint', nodes: parseMarkdown(code.value).children as RootContent[], ...place };
  }
  if (mark.word === 'quiz') return { kind: 'quiz', items: parseQuiz(code.value, start, context), ...place };
  if (mark.word === 'fault') return { kind: 'fault', faults: parseFaults(code.value, start, context), ...place };
  return { kind: 'checks', checks: parseChecks(code.value, start, context), ...place };
}

function parseShell(code: Code, info: InfoString, context: ParseContext): ShellBlock | undefined {
  const position = startOf(code);
  refuseUnknown(info, SHELL_ATTRIBUTES, context);
  for (const { word, position: at } of info.words)
    context.problems.error(
      'info-string',
      at,
      `\`${word}\` has no value`,
      describeChoices(
        `${word}=`,
        SHELL_ROLES.map((role) => `${role}=NODE`),
      ),
    );
  const roles = SHELL_ROLES.filter((role) => info.attributes.has(role));
  const role = roles[0];
  if (role === undefined || roles.length > 1) {
    if (info.words.length === 0)
      context.problems.error(
        'info-string',
        position,
        'a live `sh` block belongs to one node',
        'exactly one of run=NODE, solution=NODE, wrong=NODE',
      );
    return undefined;
  }
  const node = info.attributes.get(role);
  if (node === undefined || !context.checkNode(node.value, node.position)) return undefined;
  const because = info.attributes.get('because');
  if (role === 'wrong' && because === undefined)
    context.problems.error(
      'info-string',
      position,
      'a wrong solution must say what is wrong about it',
      'because="..."',
    );
  context.checkReferences(code.value, placeIn(code.value, bodyStart(code)));
  if (code.value.trim() === '')
    context.problems.error('empty', position, 'there is no command in it', 'at least one command');
  return {
    kind: 'shell',
    role,
    node: node.value,
    script: code.value,
    ends: parseEnd(info, context),
    because: because?.value,
    unchecked: info.attributes.get('unchecked')?.value,
    position,
    variant: parseVariant(info, context),
  };
}

function parseEnd(info: InfoString, context: ParseContext): ShellBlock['ends'] {
  const after = info.attributes.get('for');
  const when = info.attributes.get('until');
  if (after !== undefined && when !== undefined)
    context.problems.error('info-string', when.position, 'a block ends in one way', 'only one of for, until');
  if (when !== undefined) return { when: when.value };
  if (after === undefined) return undefined;
  const milliseconds = parseDuration(after.value);
  if (milliseconds === undefined)
    context.problems.error('info-string', after.position, `found \`${after.value}\``, 'a duration such as 5s');
  return { after: milliseconds ?? 0 };
}

function parseVariant(info: InfoString, context: ParseContext): string | undefined {
  const variant = info.attributes.get('variant');
  if (variant !== undefined && !Object.hasOwn(context.variants, variant.value))
    context.problems.error(
      'unknown-variant',
      variant.position,
      `the lab has no variant \`${variant.value}\``,
      describeChoices(variant.value, Object.keys(context.variants)),
    );
  return variant?.value;
}

function refuseUnknown(info: InfoString, known: readonly string[], context: ParseContext): void {
  for (const [name, { position }] of info.attributes)
    if (!known.includes(name))
      context.problems.error('info-string', position, `there is no \`${name}=\` here`, describeChoices(name, known));
}

/** Where the first line of the block's body stands. */
function bodyStart(code: Code): SourcePosition {
  const { line, column } = startOf(code);
  return { line: line + 1, column };
}

/** Where what stands behind the language begins. */
function metaStart(code: Code, source: string): SourcePosition {
  const { line, column } = startOf(code);
  const text = source.split('\n')[line - 1] ?? '';
  const at = text.indexOf(code.meta ?? '', column - 1 + (code.lang ?? '').length);
  return { line, column: at < 0 ? column : at + 1 };
}
