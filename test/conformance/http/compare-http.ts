import { ALL_CASES } from './cases/index.ts';
import { play } from './play.ts';
import { type Reference, readReference, writeReference } from './reference.ts';

/** A request that was answered otherwise than by a real Swarm. */
export interface HttpDifference {
  asked: string;
  real: string;
  ours: string;
}

/** Asks everything of a fresh cluster and compares with what a real Swarm answered. `socketOf` gives the socket of a machine. */
export async function compareHttp(
  socketOf: (machine: string) => string,
): Promise<{ compared: number; differences: HttpDifference[] }> {
  const reference = readReference();
  const differences: HttpDifference[] = [];
  let compared = 0;
  for (const [group, cases] of Object.entries(ALL_CASES)) {
    for (const [index, { asked, answered }] of (await play(cases, socketOf)).entries()) {
      const recorded = reference[group]?.[index];
      const real = recorded?.asked === asked ? recorded.answered : 'was never asked this: record anew';
      compared += 1;
      if (real !== answered) differences.push({ asked: `${group}: ${asked}`, real, ours: answered });
    }
  }
  return { compared, differences };
}

/** Writes down what a real Swarm answers. */
export async function recordHttp(socketOf: (machine: string) => string): Promise<void> {
  const reference: Record<string, Reference[string]> = {};
  for (const [group, cases] of Object.entries(ALL_CASES)) reference[group] = await play(cases, socketOf);
  writeReference(reference);
}
