import type { Node } from 'mdast';
import type { Domain } from './front-matter.ts';
import type { LabVariant } from './lab.ts';
import type { ProblemCollector, SourcePosition } from './lab-problem.ts';
import { describeChoices } from './suggestion.ts';
import { templateReferences, type Variables, type VariableValue } from './template.ts';

/** What is known while a lab file is read, from its top to the block at hand. */
export class ParseContext {
  readonly problems: ProblemCollector;
  readonly source: string;
  readonly nodes: readonly string[];
  /** The domain of steps that do not say theirs. */
  readonly domain: Domain;
  readonly variants: Readonly<Record<string, LabVariant>>;
  /** Values to try checks with: one draw of the variables, and a stand-in for each name that a check has bound so far. */
  readonly #names: Record<string, VariableValue>;
  readonly #stepIds = new Set<string>();
  readonly #itemIds = new Set<string>();

  constructor(options: {
    problems: ProblemCollector;
    source: string;
    nodes: readonly string[];
    domain: Domain;
    variants: Readonly<Record<string, LabVariant>>;
    variables: Variables;
  }) {
    this.problems = options.problems;
    this.source = options.source;
    this.nodes = options.nodes;
    this.domain = options.domain;
    this.variants = options.variants;
    this.#names = { ...options.variables };
  }

  get variables(): Variables {
    return this.#names;
  }

  /** A name that a check gives to what it finds is known from there on; what it will be is not, so a likely number stands in. */
  bind(name: string): void {
    this.#names[name] ??= 30_000;
  }

  /** Whether this ID was not there yet. */
  claimStep(id: string): boolean {
    const free = !this.#stepIds.has(id);
    this.#stepIds.add(id);
    return free;
  }

  claimItem(id: string): boolean {
    const free = !this.#itemIds.has(id);
    this.#itemIds.add(id);
    return free;
  }

  /** Reports the references in a text that no variable and no earlier check explains; `place` gives an offset's position. */
  checkReferences(text: string, place: (offset: number) => SourcePosition): void {
    for (const { name, offset } of templateReferences(text)) {
      if (Object.hasOwn(this.#names, name)) continue;
      this.problems.error(
        'unknown-name',
        place(offset),
        `nothing is called \`${name}\` here`,
        `a variable, or a name that an earlier check binds with \`as\`: ${describeChoices(name, Object.keys(this.#names)) || 'there is none'}`,
      );
    }
  }

  checkNode(name: string, position: SourcePosition): boolean {
    if (this.nodes.includes(name)) return true;
    this.problems.error(
      'unknown-node',
      position,
      `the cluster has no node \`${name}\``,
      describeChoices(name, this.nodes),
    );
    return false;
  }
}

/** Where a Markdown node begins. */
export function startOf(node: Node): SourcePosition {
  return { line: node.position?.start.line ?? 1, column: node.position?.start.column ?? 1 };
}

/** Turns an offset within a text that begins at `start` into a position; every line of the text begins in the same column. */
export function placeIn(text: string, start: SourcePosition): (offset: number) => SourcePosition {
  return (offset) => {
    const before = text.slice(0, offset).split('\n');
    const last = before[before.length - 1] ?? '';
    return { line: start.line + before.length - 1, column: start.column + last.length };
  };
}
