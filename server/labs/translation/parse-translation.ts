import { basename } from 'node:path';
import type { Code, Heading, Root, RootContent, Yaml } from 'mdast';
import { boundNames } from '../check-schema.ts';
import { DEFAULT_NODES, translationFrontMatterSchema } from '../front-matter.ts';
import { parseInfoString } from '../info-string.ts';
import type { HintBlock, Lab, LabStep } from '../lab.ts';
import { type LabProblem, ProblemCollector } from '../lab-problem.ts';
import { parseMarkdown } from '../markdown.ts';
import { ParseContext, placeIn, startOf } from '../parse-context.ts';
import { parseHeading } from '../parse-heading.ts';
import { refuseDeep } from '../refuse-deep.ts';
import { parseAgainst } from '../schema-problems.ts';
import { describeChoices } from '../suggestion.ts';
import { drawVariables } from '../variables.ts';
import { parseYamlBlock } from '../yaml-block.ts';
import { type ItemTranslation, parseTranslatedQuiz } from './translated-quiz.ts';
import { parseTranslatedTitles } from './translated-titles.ts';
import { sharedBlocks, type TranslatedStep, type Translation } from './translation.ts';

export interface ParsedTranslation {
  /** Undefined when the file has errors. */
  translation: Translation | undefined;
  problems: LabProblem[];
}

/** A step while it is read. */
type Draft = Omit<TranslatedStep, 'items' | 'titles'> & {
  id: string;
  items: Map<string, ItemTranslation>;
  titles: Map<string, string>;
};

/** The language in the name of a translation's file: `es` of `labs/swarm-services.es.md`; undefined for a lab's own file. */
export function languageOf(file: string): string | undefined {
  return /^[^.]+\.([a-z]{2,3}(?:-[a-z0-9]{2,8})*)\.md$/i.exec(basename(file))?.[1]?.toLowerCase();
}

/**
 * Reads a translation of `lab`. Its steps carry the original's IDs; a fence `sh run=NODE` stands for the original's next one and is empty
 * or says the same; checks, solutions and faults are the original's alone.
 */
export function parseTranslation(source: string, file: string, lab: Lab): ParsedTranslation {
  return refuseDeep(
    file,
    (problems) => ({ translation: undefined, problems }),
    () => parse(source, file, lab),
  );
}

function parse(source: string, file: string, lab: Lab): ParsedTranslation {
  const problems = new ProblemCollector(file);
  const context = new ParseContext({
    problems,
    source,
    nodes: lab.cluster.nodes ?? DEFAULT_NODES,
    domain: lab.domain,
    variants: lab.variants,
    variables: drawVariables(lab.vars, 'example'),
  });
  for (const step of lab.steps)
    for (const block of step.blocks)
      if (block.kind === 'checks')
        for (const check of block.checks) for (const name of boundNames(check.value)) context.bind(name);
  const root = parseMarkdown(source);
  const front = parseFront(root, problems);
  const { introduction, drafts } = parseBody(root, lab, context);
  for (const draft of drafts) checkShared(draft, lab, context);
  if (problems.hasErrors) return { translation: undefined, problems: problems.problems };
  return {
    translation: {
      language: languageOf(file) ?? 'unknown',
      file,
      title: front?.title,
      summary: front?.summary,
      introduction: introduction.length === 0 ? undefined : introduction,
      steps: new Map(drafts.map((draft) => [draft.id, draft])),
    },
    problems: problems.problems,
  };
}

function parseFront(root: Root, problems: ProblemCollector) {
  const node = root.children.find((child): child is Yaml => child.type === 'yaml');
  if (node === undefined) return undefined;
  const yaml = parseYamlBlock(node.value, { line: startOf(node).line + 1, column: 1 }, problems, 'front matter');
  return yaml && parseAgainst(translationFrontMatterSchema, yaml.value ?? {}, yaml.locate, problems, 'front-matter');
}

function parseBody(root: Root, lab: Lab, context: ParseContext): { introduction: RootContent[]; drafts: Draft[] } {
  const introduction: RootContent[] = [];
  const drafts: Draft[] = [];
  let step: { original: LabStep | undefined; draft: Draft } | undefined;
  for (const node of root.children) {
    if (node.type === 'yaml') continue;
    if (node.type === 'heading' && node.depth === 2) {
      step = startStep(node, lab, context);
      drafts.push(step.draft);
    } else if (step !== undefined) {
      addTo(step.draft, step.original, node, context);
    } else if (node.type !== 'heading' || node.depth !== 1) {
      checkProse(node, context);
      introduction.push(node);
    }
  }
  return { introduction, drafts };
}

function startStep(heading: Heading, lab: Lab, context: ParseContext) {
  const { id, title } = parseHeading(heading, context);
  const original = lab.steps.find((step) => step.id === id);
  const position = startOf(heading);
  const ids = lab.steps.map((step) => step.id);
  if (original === undefined)
    context.problems.error('translation', position, `the original has no step \`${id}\``, describeChoices(id, ids));
  else if (!context.claimStep(id))
    context.problems.error('translation', position, `\`${id}\` is translated twice`, 'each step once');
  const draft: Draft = { id, title, shown: [], hints: [], items: new Map(), titles: new Map() };
  return { original, draft };
}

function addTo(draft: Draft, original: LabStep | undefined, node: RootContent, context: ParseContext): void {
  if (node.type === 'code' && node.meta) {
    addFence(draft, original, node, context);
    return;
  }
  checkProse(node, context);
  const last = draft.shown.at(-1);
  if (last?.kind === 'prose') last.nodes.push(node);
  else draft.shown.push({ kind: 'prose', nodes: [node] });
}

function addFence(draft: Draft, original: LabStep | undefined, code: Code, context: ParseContext): void {
  const position = startOf(code);
  const body = { line: position.line + 1, column: position.column };
  const info = parseInfoString(code.meta ?? '', position);
  const mark = info.words[0]?.word;
  if (code.lang === 'md' && mark === 'hint') {
    context.checkReferences(code.value, placeIn(code.value, body));
    const nodes = parseMarkdown(code.value).children;
    draft.hints.push({
      kind: 'hint',
      nodes,
      position,
      variant: info.attributes.get('variant')?.value,
    } satisfies HintBlock);
    return;
  }
  if (code.lang === 'yaml' && mark === 'quiz') {
    const items = (original?.blocks ?? []).flatMap((block) => (block.kind === 'quiz' ? block.items : []));
    for (const item of parseTranslatedQuiz(code.value, body, items, context)) draft.items.set(item.id, item);
    draft.shown.push({ kind: 'quiz', index: draft.shown.filter(({ kind }) => kind === 'quiz').length });
    return;
  }
  if (code.lang === 'yaml' && mark === 'check') {
    const titles = parseTranslatedTitles(code.value, body, original, context);
    for (const [theirs, ours] of Object.entries(titles)) draft.titles.set(theirs, ours);
    return;
  }
  if ((code.lang === 'sh' || code.lang === 'bash') && info.attributes.has('run')) {
    const index = draft.shown.filter(({ kind }) => kind === 'run').length;
    draft.shown.push({ kind: 'run', index });
    const shared = original && sharedBlocks(original).run[index];
    if (shared === undefined) return;
    const written = code.value.trim();
    if (written !== '' && shared.kind === 'shell' && written !== shared.script.trim())
      context.problems.error(
        'translation',
        body,
        `this is not what the original says in line ${shared.position.line + 1}`,
        'the same commands, or none: they are shared',
      );
    return;
  }
  context.problems.error(
    'translation',
    position,
    `\`${[code.lang, code.meta].filter(Boolean).join(' ')}\` does not belong in a translation`,
    'prose, `sh run=NODE`, `yaml quiz`, `yaml check` with titles and `md hint`; the rest is taken from the original',
  );
}

/** A translated step shows exactly the commands of the original, and no more blocks of questions than that has. */
function checkShared(draft: Draft, lab: Lab, context: ParseContext): void {
  const original = lab.steps.find((step) => step.id === draft.id);
  if (original === undefined) return;
  const shared = sharedBlocks(original);
  const shown = (kind: 'run' | 'quiz') => draft.shown.filter((part) => part.kind === kind).length;
  const place = { line: lineOf(draft, context), column: 1 };
  if (shown('run') !== shared.run.length)
    context.problems.error(
      'translation',
      place,
      `\`${draft.id}\` shows ${shown('run')} blocks of commands`,
      `the original's ${shared.run.length}, each as \`sh run=NODE\``,
    );
  if (shown('quiz') > shared.quiz.length)
    context.problems.error(
      'translation',
      place,
      `\`${draft.id}\` has ${shown('quiz')} blocks of questions`,
      `at most the original's ${shared.quiz.length}`,
    );
}

function lineOf(draft: Draft, context: ParseContext): number {
  return (
    context.source.split('\n').findIndex((line) => line.startsWith('## ') && line.includes(`{#${draft.id}`)) + 1 || 1
  );
}

function checkProse(node: RootContent, context: ParseContext): void {
  if ('value' in node && typeof node.value === 'string' && node.type !== 'html')
    context.checkReferences(node.value, placeIn(node.value, startOf(node)));
  if ('children' in node) for (const child of node.children) checkProse(child, context);
}
