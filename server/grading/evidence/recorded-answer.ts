import { z } from 'zod';
import { ClusterUnreachable, Unobservable } from '../verdict.ts';

/** How an answer is kept: what came back, or why nothing did. */
const recordedSchema = z.union([
  z.object({ value: z.unknown() }),
  z.object({ unreachable: z.string() }),
  z.object({ unobservable: z.string() }),
]);

/** Evidence goes to others: what lets a machine into the Swarm is not in it. */
const JOIN_TOKEN = /SWMTKN-1-[0-9a-z]+-[0-9a-z]+/g;

/** Asks, and gives the answer as text besides passing it on; refusals that grading knows are kept, too. */
export async function recordAnswer<Value>(ask: () => Promise<Value>, keep: (text: string) => void): Promise<Value> {
  try {
    const value = await ask();
    keep(JSON.stringify({ value }).replace(JOIN_TOKEN, 'SWMTKN-left-out'));
    return value;
  } catch (error) {
    if (error instanceof ClusterUnreachable) keep(JSON.stringify({ unreachable: error.message }));
    if (error instanceof Unobservable) keep(JSON.stringify({ unobservable: error.message }));
    throw error;
  }
}

/** The answer that was kept, or the refusal again. */
export function repeatAnswer(text: string | undefined): unknown {
  if (text === undefined) throw new Unobservable('the evidence does not have it');
  const recorded = recordedSchema.parse(JSON.parse(text));
  if ('unreachable' in recorded) throw new ClusterUnreachable(recorded.unreachable);
  if ('unobservable' in recorded) throw new Unobservable(recorded.unobservable);
  return recorded.value;
}

/** The questions that a look may ask, as keys. */
export const questionKey = {
  get: (node: string, path: string) => `get ${node} ${path}`,
  bytes: (node: string, path: string) => `bytes ${node} ${path}`,
  exec: (node: string, argv: readonly string[]) => `exec ${node} ${JSON.stringify(argv)}`,
  execIn: (node: string, container: string, argv: readonly string[]) =>
    `exec-in ${node} ${container} ${JSON.stringify(argv)}`,
  requests: (node: string, after: number) => `requests ${node} ${after}`,
};
