import { ask, type RawAnswer } from './ask.ts';
import { comparableAnswer } from './comparable-answer.ts';
import type { HttpCase } from './http-case.ts';

const PATIENCE = 30_000;
/** Milliseconds. Where a swarm is told to keep no history, what has failed is to be seen for less than a quarter of a second. */
const POLL = 10;
const CUT = 5_000;

/** What was asked, and what of the answer is compared. */
export interface Played {
  asked: string;
  answered: string;
}

/** Asks each request in turn; `socketOf` gives the socket of a machine. */
export async function play(cases: readonly HttpCase[], socketOf: (machine: string) => string): Promise<Played[]> {
  const remembered = new Map<string, string>();
  const fill = (text: string) => text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => remembered.get(name) ?? '');
  const played: Played[] = [];
  for (const one of cases) {
    const { on = 'master', method, headers, cut = CUT } = one;
    const given =
      one.body === undefined ? undefined : typeof one.body === 'string' ? one.body : JSON.stringify(one.body);
    const question = {
      ...{ socketPath: socketOf(on), method, cut, path: fill(one.path) },
      ...(given !== undefined && { body: fill(given) }),
      ...(headers && { headers }),
    };
    const answer = await patiently(() => ask(question), one.until);
    for (const [name, where] of Object.entries(one.remember ?? {})) remembered.set(name, pick(answer.body, where));
    const type = headers === undefined ? '' : ` ${JSON.stringify(headers)}`;
    played.push({
      asked: `${on === 'master' ? '' : `${on}: `}${method} ${one.path}${type}${given === undefined ? '' : ` ${given}`}`,
      answered: one.statusOnly ? String(answer.status) : comparableAnswer(answer, one.part),
    });
  }
  return played;
}

async function patiently(asking: () => Promise<RawAnswer>, until: string | string[] = []): Promise<RawAnswer> {
  const wanted = [until].flat();
  const end = Date.now() + PATIENCE;
  for (;;) {
    const answer = await asking();
    if (wanted.every((text) => answer.body.includes(text)) || Date.now() > end) return answer;
    await new Promise((done) => setTimeout(done, POLL));
  }
}

function pick(body: string, where: string): string {
  let at: unknown = JSON.parse(body);
  for (const key of where.split('.')) at = (at as Record<string, unknown> | undefined)?.[key];
  return String(at);
}
