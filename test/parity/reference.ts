import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { comparable } from './normalise.ts';
import type { Played } from './replay.ts';

/** A recording of a real Swarm. */
const recording = z.object({
  scenario: z.string(),
  steps: z.array(
    z.looseObject({
      line: z.number(),
      kind: z.string(),
      exit: z.number().optional(),
      out: z.string().optional(),
      err: z.string().optional(),
      got: z.string().optional(),
    }),
  ),
});
export type Recording = z.infer<typeof recording>;

export function readRecording(path: string): Recording {
  return recording.parse(JSON.parse(readFileSync(path, 'utf8')));
}

export interface Comparison {
  compared: number;
  same: number;
  /** Told for a person: which step, what the real one said, what ours said. */
  differences: string[];
}

/** Holds what was played against the recording, step by step; a step that one of them lacks differs. */
export function compare(reference: Recording, played: readonly Played[]): Comparison {
  const result: Comparison = { compared: 0, same: 0, differences: [] };
  for (const [index, wanted] of reference.steps.entries()) {
    const got = played[index];
    if (wanted.kind !== 'run' && wanted.kind !== 'wait') continue;
    result.compared++;
    const mode = got?.step.kind === 'run' ? got.step.mode : 'exact';
    const expected =
      wanted.kind === 'wait'
        ? [wanted.got ?? '']
        : comparable({ exit: wanted.exit ?? -1, out: wanted.out ?? '', err: wanted.err ?? '' }, mode);
    const actual = got?.answer ? comparable(got.answer, mode) : [got?.reached ?? '(not played)'];
    if (expected.join('\n') === actual.join('\n')) {
      result.same++;
      continue;
    }
    const title = got?.step.kind === 'run' ? got.step.command : `${wanted.kind} at line ${wanted.line}`;
    const tell = (who: string, lines: string[]) => lines.map((line) => `  ${who} | ${line}`);
    result.differences.push(
      [`${reference.scenario}:${wanted.line}  ${title}`, ...tell('real', expected), ...tell('ours', actual)].join('\n'),
    );
  }
  return result;
}
