import { isMap, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { ProblemCollector, SourcePosition } from './lab-problem.ts';

/** A piece of YAML inside a lab file: its plain value, and where in the file each part of it stands. */
export interface YamlBlock {
  value: unknown;
  /** Where the value (or, with `of: 'key'`, the key) at a path stands; the nearest one above it when there is no such path. */
  locate(path: readonly PropertyKey[], of?: 'key' | 'value'): SourcePosition;
}

/** Deeper YAML than this is an attack on the parser, not a lab. */
const MAX_ALIASES = 20;

/**
 * Parses YAML that begins at `start` in the file. Mistakes of syntax go to `problems`, and the answer is undefined then.
 */
export function parseYamlBlock(
  text: string,
  start: SourcePosition,
  problems: ProblemCollector,
  what: string,
): YamlBlock | undefined {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const place = (offset: number): SourcePosition => {
    const { line, col } = lines.linePos(offset);
    return { line: start.line + line - 1, column: start.column + col - 1 };
  };
  for (const error of document.errors) problems.error('yaml', place(error.pos[0]), `${what}: ${error.message}`);
  if (document.errors.length > 0) return undefined;
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    problems.error('yaml', start, `${what}: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
  return { value, locate: (path, of = 'value') => place(offsetOf(document.contents, path, of)) };
}

function offsetOf(root: Node | null, path: readonly PropertyKey[], of: 'key' | 'value'): number {
  let node: unknown = root;
  let offset = root?.range?.[0] ?? 0;
  for (const [depth, key] of path.entries()) {
    let next: unknown;
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
      if (!isPair(pair)) return offset;
      const wanted = of === 'key' && depth === path.length - 1 ? pair.key : (pair.value ?? pair.key);
      next = wanted;
    } else if (isSeq(node)) {
      next = node.items[Number(key)];
    }
    const range = rangeOf(next);
    if (range === undefined) return offset;
    offset = range;
    node = next;
  }
  return offset;
}

function rangeOf(node: unknown): number | undefined {
  return isMap(node) || isSeq(node) || isScalar(node) ? node.range?.[0] : undefined;
}
