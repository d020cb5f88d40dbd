import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { COUNTED, type ProgressRow } from './progress-rows.ts';

const PATH = join(import.meta.dirname, 'reference-progress.json');
const rows = z.array(z.object({ id: z.string(), texts: z.array(z.string()) }));

/** What a real Swarm's client drew: by command, the rows of each time it was recorded. */
const reference = z.record(z.string(), z.array(rows));
export type ProgressReference = z.infer<typeof reference>;

export function readProgressReference(): ProgressReference {
  return reference.parse(JSON.parse(readFileSync(PATH, 'utf8')));
}

/** Writes a recording, each run of a command that differs from the others once. */
export function writeProgressReference(recorded: ProgressReference): void {
  const distinct = Object.entries(recorded).map(([name, runs]) => {
    const texts = [...new Set(runs.map((run) => JSON.stringify(run)))];
    return [name, texts.map((text) => JSON.parse(text))] as const;
  });
  writeFileSync(PATH, `${JSON.stringify(Object.fromEntries(distinct), undefined, 1)}\n`);
}

/**
 * Holds the rows of a command against the recorded ones. The client asks now and then, so which of a task's states it catches is
 * chance; a state that it caught in another command could have been caught in this one, if both replace tasks (these wait as `ready`)
 * or neither does. What is no chance: which rows there are and in which order, what stands in each at the end, which texts there can
 * be in the rows of tasks, and which of them may follow which.
 * @returns what differs, told for a person
 */
export function compareProgress(
  reference: ProgressReference,
  command: string,
  drawn: readonly ProgressRow[],
): string[] {
  const runs = reference[command] ?? [];
  const layouts = new Set(runs.map(layout));
  if (!layouts.has(layout(drawn))) return [`rows: real ${[...layouts].join(' or ')}; ours ${layout(drawn)}`];
  const everything = Object.values(reference);
  const related = everything.filter((others) => replacesTasks(others) === replacesTasks(runs)).flat(2);
  return drawn.flatMap((row, index) => {
    const isTask = kind(row) === 'task';
    const alike = (rows: readonly ProgressRow[]) =>
      rows.filter((other) => kind(other) === kind(row)).map((other) => other.texts);
    const ends = new Set(
      runs.flatMap((run) => (run.length === drawn.length && run[index] ? [run[index].texts.at(-1)] : [])),
    );
    return compareRow(row, {
      ends,
      known: new Set(alike(isTask ? related : runs.flat()).flat()),
      after: followers(alike(isTask ? everything.flat(2) : runs.flat())),
    });
  });
}

const replacesTasks = (runs: readonly ProgressRow[][]) =>
  runs.flat().some(({ texts }) => texts.some((text) => text.startsWith('ready')));

/** The rows of tasks, by slot or by node, pass through the same states. */
const kind = (row: ProgressRow) => (/^(\d+\/\d+|<node>)$/.test(row.id) ? 'task' : row.id);

const layout = (rows: readonly ProgressRow[]) => rows.map((row) => row.id).join(', ');

interface Recorded {
  /** What can stand in the row at the end. */
  ends: ReadonlySet<string | undefined>;
  /** What can stand in it at any time. */
  known: ReadonlySet<string>;
  /** What can follow a text. */
  after: (text: string) => ReadonlySet<string>;
}

function compareRow(row: ProgressRow, { ends, known, after }: Recorded): string[] {
  const last = row.texts.at(-1);
  const texts = row.texts.filter((text) => !text.startsWith(COUNTED));
  const problems: string[] = [];
  if (!ends.has(last)) problems.push(`${row.id} ends with "${last}"; real "${[...ends].join('" or "')}"`);
  for (const text of texts) if (!known.has(text)) problems.push(`${row.id}: "${text}" is never drawn`);
  if (problems.length > 0) return problems;
  return texts.slice(1).flatMap((text, index) => {
    const before = texts[index] ?? '';
    return after(before).has(text) ? [] : [`${row.id}: "${text}" never follows "${before}"`];
  });
}

/** Which texts came some time after a text, in any run, or after one that came after it. */
function followers(recorded: readonly string[][]): (text: string) => Set<string> {
  const next = new Map<string, Set<string>>();
  for (const texts of recorded) {
    for (const [index, text] of texts.entries()) {
      const seen = next.get(text) ?? new Set();
      for (const later of texts.slice(index + 1)) seen.add(later);
      next.set(text, seen);
    }
  }
  return (text) => {
    const reached = new Set<string>();
    const waiting = [text];
    for (let from = waiting.pop(); from !== undefined; from = waiting.pop()) {
      for (const to of next.get(from) ?? []) {
        if (reached.has(to)) continue;
        reached.add(to);
        waiting.push(to);
      }
    }
    return reached;
  };
}
