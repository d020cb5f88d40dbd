import { z } from 'zod';
import type { ClusterView } from '../server/grading/cluster-view.ts';
import { ClusterUnreachable, Unobservable } from '../server/grading/verdict.ts';
import type { WitnessedRequest } from '../server/grading/witnessed-request.ts';
import { combine, compare } from './aspect.ts';
import { count, describeCount, listed, matchesCount, text, texts } from './fields.ts';
import { defineGrader } from './grader.ts';
import { DOCKER_COMMANDS, type RequestPattern } from './request/docker-commands.ts';
import { type About, matchesRequest } from './request/match-request.ts';

/** A request of one's own: a method and a path whose segments may be `*`. */
const OWN_REQUEST = /^(GET|POST|PUT|DELETE|HEAD) (\/\S*)$/;

/** What the student's client asked the engine of a node. */
export const request = defineGrader({
  name: 'request',
  summary:
    "What the student's client asked the engine of a node, as the node's gateway wrote it down; an alias or a fake `docker` cannot forge it. Only requests since the step began count.",
  example: '- request: service ps\n  of: pinger\n  filters: { desired-state: running }\n  on: master',
  cost: 'state',
  fields: {
    request: text()
      .refine(
        (value) => value in DOCKER_COMMANDS || OWN_REQUEST.test(value),
        'expected a docker command that is known here or a request such as GET /tasks',
      )
      .describe(
        `A docker command (${Object.keys(DOCKER_COMMANDS).join(', ')}), or a method and path such as \`GET /services/*/logs\`.`,
      ),
    of: text().optional().describe('The name of the service, network, secret or config that it is about.'),
    on: text().optional().describe('The node where it was asked; any when left out.'),
    filters: z.record(z.string(), texts()).optional().describe('Filters that it must have.'),
    query: z.record(z.string(), text()).optional().describe('Parameters that it must have; `*` is any value.'),
    status: z
      .union([z.enum(['ok', 'error']), z.number().int()])
      .default('ok')
      .describe('What was answered: a status, `ok` (below 400) or `error`.'),
    count: count().default({ min: 1 }),
  },
  async observe(spec, view) {
    const { cluster } = view;
    const { requests } = cluster;
    if (requests === undefined) throw new Unobservable("nobody watches what this cluster's clients ask");
    const nodes = spec.on === undefined ? cluster.nodes : [view.node(spec.on)];
    const logs = await Promise.all(nodes.map(({ name }) => readLog(name, view, requests)));
    return { log: logs.flat(), names: spec.of === undefined ? undefined : await namesOf(spec.of, view) };
  },
  explain(spec, { log, names }) {
    const patterns = patternsOf(spec.request);
    const demand = { about: names, filters: spec.filters ?? {}, query: spec.query ?? {} };
    const similar = log.filter((each) =>
      patterns.some((pattern) => matchesRequest(each, pattern, { about: undefined, filters: {}, query: {} })),
    );
    const found = similar.filter(
      (each) => patterns.some((pattern) => matchesRequest(each, pattern, demand)) && hasStatus(each, spec.status),
    );
    const command = spec.request in DOCKER_COMMANDS ? `docker ${spec.request}` : spec.request;
    const details = [
      spec.of && `of ${spec.of}`,
      spec.on && `on ${spec.on}`,
      ...Object.entries(spec.filters ?? {}).map(([key, values]) => `filtered by ${key}=${listed(values)}`),
      ...Object.entries(spec.query ?? {}).map(([key, value]) =>
        value === '*' ? `with ${key}` : `with ${key}=${value}`,
      ),
      spec.status !== 'ok' && `answered ${spec.status}`,
    ].filter(Boolean);
    const expected = `${describeCount(spec.count)} ${[`\`${command}\``, ...details].join(' ')}`;
    const observed =
      similar.length === 0
        ? `no \`${command}\` since the step began`
        : `${found.length} of ${similar.length} like that`;
    return combine('requests', [compare(matchesCount(spec.count, found.length), expected, observed)], {
      next: 'Run the command in the terminal of that node.',
    });
  },
});

function patternsOf(written: string): readonly RequestPattern[] {
  const known = DOCKER_COMMANDS[written];
  if (known !== undefined) return known;
  const [, method = 'GET', path = '/'] = OWN_REQUEST.exec(written) ?? [];
  return [{ method, path }];
}

async function readLog(
  node: string,
  view: ClusterView,
  requests: (node: string, after: number) => Promise<WitnessedRequest[]>,
): Promise<WitnessedRequest[]> {
  try {
    return await requests(node, view.student.requestsAfter(node));
  } catch (error) {
    // A node that is switched off has nobody to ask; what was asked on the others still counts.
    if (error instanceof ClusterUnreachable && view.cluster.nodes.length > 1) return [];
    throw error;
  }
}

/** What something is called by in requests: its name and ID; once it is gone, its name and any ID that is nothing else's. */
async function namesOf(name: string, view: ClusterView): Promise<About> {
  const [services, networks, secrets, configs] = await Promise.all([
    view.services(),
    view.networks(),
    view.secrets(),
    view.configs(),
  ]);
  const all = [
    ...services.map(({ ID, Spec }) => ({ id: ID, name: Spec.Name })),
    ...networks.map(({ Id, Name }) => ({ id: Id, name: Name })),
    ...[...secrets, ...configs].map(({ ID, Spec }) => ({ id: ID, name: Spec.Name })),
  ];
  const ids = all.filter((object) => object.name === name).map((object) => object.id);
  return { names: [name, ...ids], notOthers: ids.length > 0 ? undefined : new Set(all.map((object) => object.id)) };
}

function hasStatus(found: WitnessedRequest, wanted: 'ok' | 'error' | number): boolean {
  if (typeof wanted === 'number') return found.status === wanted;
  const failed = found.status !== undefined && found.status >= 400;
  return wanted === 'error' ? failed : !failed;
}
