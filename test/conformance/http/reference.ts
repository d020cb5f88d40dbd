import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Played } from './play.ts';

const FILE = join(import.meta.dirname, 'reference.json');

/** Most answers are given more than once, and stand there once. */
const schema = z.object({
  answers: z.array(z.string()),
  groups: z.record(z.string(), z.array(z.tuple([z.string(), z.int()]))),
});

/** What a real Swarm answered, by group. */
export type Reference = Readonly<Record<string, Played[]>>;

export function readReference(): Reference {
  const { answers, groups } = schema.parse(JSON.parse(readFileSync(FILE, 'utf8')));
  return Object.fromEntries(
    Object.entries(groups).map(([group, played]) => [
      group,
      played.map(([asked, at]) => ({ asked, answered: answers[at] ?? '' })),
    ]),
  );
}

export function writeReference(reference: Reference): void {
  const answers = [...new Set(Object.values(reference).flatMap((played) => played.map(({ answered }) => answered)))];
  const at = new Map(answers.map((answer, index) => [answer, index]));
  const groups = Object.entries(reference).map(([group, played]) => {
    const lines = played.map(({ asked, answered }) => JSON.stringify([asked, at.get(answered)]));
    return `${JSON.stringify(group)}:[\n${lines.join(',\n')}\n]`;
  });
  const table = answers.map((answer) => JSON.stringify(answer)).join(',\n');
  writeFileSync(FILE, `{"answers":[\n${table}\n],\n"groups":{\n${groups.join(',\n')}\n}}\n`);
}
