import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { Heading, Root, RootContent, Yaml } from 'mdast';
import { checkPool } from './exam/check-pool.ts';
import { DEFAULT_NODES, type FrontMatter, frontMatterSchema, type LabCluster } from './front-matter.ts';
import type { Lab, LabBlock, LabStep, LabVariant } from './lab.ts';
import { type LabProblem, ProblemCollector } from './lab-problem.ts';
import { parseMarkdown } from './markdown.ts';
import { ParseContext, placeIn, startOf } from './parse-context.ts';
import { parseFence } from './parse-fence.ts';
import { parseHeading } from './parse-heading.ts';
import { refuseDeep } from './refuse-deep.ts';
import { parseAgainst } from './schema-problems.ts';
import { drawVariables } from './variables.ts';
import { parseYamlBlock, type YamlBlock } from './yaml-block.ts';

/** Larger files than this are refused unread. */
export const MAX_BYTES = 2 * 1024 * 1024;

export interface ParsedLab {
  /** Undefined when the file has errors. */
  lab: Lab | undefined;
  /** Everything that was found, in the order of the file. */
  problems: LabProblem[];
}

/** Reads a lab file. `file` is how the problems name it. All of a file's mistakes are found in one go. */
export function parseLab(source: string, file: string): ParsedLab {
  return refuseDeep(
    file,
    (problems) => ({ lab: undefined, problems }),
    () => parse(source, file),
  );
}

function parse(source: string, file: string): ParsedLab {
  const problems = new ProblemCollector(file);
  const top = { line: 1, column: 1 };
  if (Buffer.byteLength(source) > MAX_BYTES) {
    problems.error('size', top, 'the file is too large', `at most ${MAX_BYTES} bytes`);
    return { lab: undefined, problems: problems.problems };
  }
  const root = parseMarkdown(source);
  const front = parseFrontMatter(root, problems);
  if (front === undefined) return { lab: undefined, problems: problems.problems };
  const { cluster = {}, vars = {} } = front.value;
  const variants = mergeVariants(front.value);
  const nodes = cluster.nodes ?? [...DEFAULT_NODES];
  checkClusters(front, nodes, problems);
  const { domain, exam } = front.value;
  const variables = drawVariables(vars, 'example');
  const context = new ParseContext({ problems, source, nodes, domain, variants, variables });
  const { introduction, steps } = parseBody(root, context);
  if (steps.length === 0)
    problems.error('no-steps', top, 'the lab has no steps', 'a heading `## Title {#id points=1}` for each step');
  if (exam !== undefined) checkPool(exam, steps, context);
  if (problems.hasErrors) return { lab: undefined, problems: problems.problems };
  const lab: Lab = {
    name: basename(file).replace(/\.md$/, ''),
    file,
    hash: createHash('sha256').update(source).digest('hex'),
    title: front.value.title,
    summary: front.value.summary,
    minutes: front.value.minutes,
    domain,
    order: front.value.order,
    cluster,
    vars,
    variants,
    exam,
    introduction,
    steps,
  };
  return { lab, problems: problems.problems };
}

function parseFrontMatter(
  root: Root,
  problems: ProblemCollector,
): { value: FrontMatter; locate: YamlBlock['locate'] } | undefined {
  const node = root.children.find((child): child is Yaml => child.type === 'yaml');
  if (node === undefined) {
    problems.error(
      'front-matter',
      { line: 1, column: 1 },
      'there is no front matter',
      '`---`, then title, summary, minutes, domain, then `---`',
    );
    return undefined;
  }
  const yaml = parseYamlBlock(node.value, { line: startOf(node).line + 1, column: 1 }, problems, 'front matter');
  if (yaml === undefined) return undefined;
  const value = parseAgainst(frontMatterSchema, yaml.value, yaml.locate, problems, 'front-matter');
  return value && { value, locate: yaml.locate };
}

/** A variant is the lab's own cluster and variables with some replaced. */
function mergeVariants(front: FrontMatter): Record<string, LabVariant> {
  return Object.fromEntries(
    Object.entries(front.variants ?? {}).map(([name, variant]) => [
      name,
      {
        summary: variant.summary,
        cluster: { ...front.cluster, ...variant.cluster },
        vars: { ...front.vars, ...variant.vars },
      },
    ]),
  );
}

function checkClusters(
  front: { value: FrontMatter; locate: YamlBlock['locate'] },
  nodes: readonly string[],
  problems: ProblemCollector,
): void {
  const check = (cluster: LabCluster | undefined, path: PropertyKey[]) => {
    for (const [index, name] of (cluster?.['images-on'] ?? []).entries())
      if (!nodes.includes(name))
        problems.error(
          'unknown-node',
          front.locate([...path, 'images-on', index]),
          `the cluster has no node \`${name}\``,
          `one of ${nodes.join(', ')}`,
        );
  };
  check(front.value.cluster, ['cluster']);
  for (const [name, variant] of Object.entries(front.value.variants ?? {}))
    check(variant.cluster, ['variants', name, 'cluster']);
}

function parseBody(root: Root, context: ParseContext): { introduction: RootContent[]; steps: LabStep[] } {
  const introduction: RootContent[] = [];
  const steps: LabStep[] = [];
  for (const node of root.children) {
    if (node.type === 'yaml') continue;
    if (node.type === 'heading' && node.depth === 2) {
      steps.push(startStep(node, context));
      continue;
    }
    const step = steps.at(-1);
    if (step === undefined) {
      if (node.type === 'heading' && node.depth === 1) continue;
      checkProse(node, context);
      introduction.push(node);
    } else {
      addBlock(step, node, context);
    }
  }
  return { introduction, steps };
}

function startStep(heading: Heading, context: ParseContext): LabStep {
  const { id, title, points, domain = context.domain } = parseHeading(heading, context);
  const position = startOf(heading);
  if (!context.claimStep(id))
    context.problems.error('heading', position, `two steps are called \`${id}\``, 'an ID of its own');
  return { id, title, points, domain, position, blocks: [] };
}

/** Neighbouring prose becomes one block. */
function addBlock(step: LabStep, node: RootContent, context: ParseContext): void {
  const block: LabBlock =
    node.type === 'code'
      ? parseFence(node, context)
      : { kind: 'prose', nodes: [node], position: startOf(node), variant: undefined };
  if (node.type !== 'code') checkProse(node, context);
  const last = step.blocks.at(-1);
  if (block.kind === 'prose' && last?.kind === 'prose') last.nodes.push(...block.nodes);
  else step.blocks.push(block);
}

/** References in prose must be known; a live block inside a list or a quote would not be found, so it is an error. */
function checkProse(node: RootContent, context: ParseContext): void {
  if ('value' in node && typeof node.value === 'string' && node.type !== 'html')
    context.checkReferences(node.value, placeIn(node.value, startOf(node)));
  if (!('children' in node)) return;
  for (const child of node.children) {
    if (child.type === 'code' && /^(check|quiz|fault|hint|run=|solution=|wrong=)/.test(child.meta ?? ''))
      context.problems.error(
        'nested',
        startOf(child),
        'a live block stands inside a list or a quote',
        'live blocks at the left margin',
      );
    checkProse(child, context);
  }
}
