import { z } from 'zod';
import type { ClusterView } from '../server/grading/cluster-view.ts';
import { Unobservable } from '../server/grading/verdict.ts';
import { matchesPattern } from '../server/labs/pattern.ts';
import { type Aspect, combine, compare } from './aspect.ts';
import { pattern, text, texts } from './fields.ts';
import { defineGrader } from './grader.ts';
import { refuseWithoutMesh } from './mesh/routing-mesh.ts';
import { isSettling } from './mesh/settling.ts';

/** Seconds that a request may take. */
const REQUEST_SECONDS = 3;
const COMMAND_LIMIT = 10_000;

/** What a grader calls itself, so that a server's log tells its requests from the student's. */
const AGENT = 'swarmlab';

/** What curl says when nobody answered: its exit codes. */
const CURL_REASONS: Record<number, string> = {
  6: 'the name is not known',
  7: 'connection refused',
  28: `no answer within ${REQUEST_SECONDS} s`,
  52: 'an empty answer',
  56: 'the connection broke',
};

interface Answer {
  url: string;
  status: number | undefined;
  body: string;
  reason: string;
}

interface Seen {
  answers: Answer[];
  settling: boolean;
}

/** Web pages, asked for from a node. */
export const http = defineGrader({
  name: 'http',
  summary: 'Web pages, asked for from a node with its own names and routes.',
  example: '- http: "http://worker1.docker-dca.example:{{port}}"\n  from: master\n  contains: Welcome to nginx!',
  cost: 'probe',
  fields: {
    http: texts().describe('The URL, or several that all must do.'),
    from: text().optional().describe('The node that asks; the first one when left out.'),
    status: z.number().int().default(200),
    contains: text().optional().describe('Text in the page.'),
    matches: pattern().optional().describe('A regular expression that the page matches.'),
    silent: z.literal(true).optional().describe('Nobody must answer.'),
  },
  async observe(spec, view): Promise<Seen> {
    const from = view.node(spec.from ?? view.cluster.nodes[0]?.name ?? '').name;
    const answers = await Promise.all(spec.http.map((url) => ask(view, from, url)));
    if (!spec.silent)
      for (const { url, status } of answers) if (status === undefined) await refuseWithoutMesh(view, from, portOf(url));
    return { answers, settling: await isSettling(view) };
  },
  explain(spec, { answers, settling }) {
    const aspects = answers.map((answer): Aspect => {
      const observed = `${answer.url} ${answer.status === undefined ? `does not answer (${answer.reason})` : `answers ${answer.status}`}`;
      if (spec.silent) return compare(answer.status === undefined, `${answer.url} not to answer`, observed);
      const wanted = [`${answer.url} to answer ${spec.status}`];
      if (spec.contains !== undefined) wanted.push(`with "${spec.contains}"`);
      if (spec.matches !== undefined) wanted.push(`matching ${spec.matches}`);
      const fits =
        (spec.contains === undefined || answer.body.includes(spec.contains)) &&
        (spec.matches === undefined || matchesPattern(spec.matches, answer.body, 'm'));
      return {
        outcome: answer.status === spec.status && fits ? 'pass' : settling ? 'not-yet' : 'wrong',
        expected: wanted.join(' '),
        observed: answer.status === spec.status && !fits ? `${observed} with another page` : observed,
      };
    });
    return combine('http', aspects, {
      next: 'Try it with `curl` on that node; is the port published, does the service run?',
    });
  },
});

async function ask(view: ClusterView, from: string, url: string): Promise<Answer> {
  const { cluster } = view;
  if (cluster.exec === undefined) throw new Unobservable('nothing can be run on the nodes of this cluster');
  const argv = [
    'curl',
    '-q',
    '-sS',
    '--noproxy',
    '*',
    '--user-agent',
    AGENT,
    '--max-time',
    String(REQUEST_SECONDS),
    '-w',
    '\n%{http_code}',
    '--proto',
    '=http,https',
    '--',
    url,
  ];
  const { exitCode, stdout, stderr } = await cluster.exec(from, { argv, user: 'root', limit: COMMAND_LIMIT });
  const cut = stdout.lastIndexOf('\n');
  const reason = CURL_REASONS[exitCode ?? 28] ?? (stderr.trim() || `curl ended with ${exitCode}`);
  return {
    url,
    status: exitCode === 0 ? Number(stdout.slice(cut + 1)) : undefined,
    body: stdout.slice(0, cut),
    reason,
  };
}

/** The port of a URL; 80 where it names none. */
function portOf(url: string): number {
  return URL.canParse(url) ? Number(new URL(url).port || 80) : 80;
}
