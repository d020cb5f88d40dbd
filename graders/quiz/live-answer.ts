import type { ClusterView } from '../../server/grading/cluster-view.ts';
import { Unobservable } from '../../server/grading/verdict.ts';
import type { LiveAnswer } from '../../server/labs/quiz.ts';

/** What a question asks about is not there. */
export class NothingThere extends Error {}

/** Reads an answer from the cluster; several values where the path has `[]`. Throws NothingThere. */
export async function liveAnswer(live: LiveAnswer, view: ClusterView): Promise<string[]> {
  const values = await read(live.get, live.value, view);
  if (live.count) return [String(values.length)];
  const { lookup } = live;
  if (lookup === undefined) return values;
  const found = await Promise.all(values.map((value) => read(lookup.get.replaceAll('{}', value), lookup.value, view)));
  return found.flat();
}

async function read(path: string, value: string, view: ClusterView): Promise<string[]> {
  const answer = await view.ask(encodeURI(path));
  if (answer.status === 404) throw new NothingThere(`there is nothing at ${path}`);
  if (answer.status !== 200) throw new Unobservable(`the cluster gives no answer at ${path} (status ${answer.status})`);
  return pick(answer.body, value).map(String);
}

/** The values at a path such as `IPAM.Config[0].Subnet` or `Peers[].IP`; a single `.` is the whole. */
export function pick(body: unknown, path: string): unknown[] {
  const steps = path.match(/[^.[\]]+|\[\d*\]/g) ?? [];
  let values: unknown[] = [body];
  for (const step of steps) {
    const index = /^\[(\d*)\]$/.exec(step)?.[1];
    values = values.flatMap((value) => {
      if (index === '') return Array.isArray(value) ? value : [];
      if (typeof value !== 'object' || value === null) return [];
      const found: unknown = Reflect.get(value, index ?? step);
      return found === undefined || found === null ? [] : [found];
    });
  }
  return values;
}
