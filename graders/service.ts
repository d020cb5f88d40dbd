import { z } from 'zod';
import type { ClusterView } from '../server/grading/cluster-view.ts';
import type { Service } from '../server/grading/engine-objects.ts';
import { combine, gone, missing } from './aspect.ts';
import { absent, count, pairs, text, texts } from './fields.ts';
import { defineGrader } from './grader.ts';
import type { Tasks } from './running.ts';
import { publishedField } from './service/published.ts';
import { resourcesField, restartField } from './service/resources.ts';
import { judgeSpec, MODES } from './service/spec.ts';

const fields = {
  service: text().describe('The exact name of the service.'),
  absent: absent(),
  running: count()
    .optional()
    .describe('How many tasks are observed running on nodes that are not down; the service must ask for that many.'),
  replicas: count().optional().describe('How many tasks the service asks for.'),
  mode: z.enum(MODES).optional(),
  runs: count().optional().describe('How often a job has been run.'),
  image: text().optional().describe('The image; `:latest` is meant where no tag is named, digests do not matter.'),
  args: text().optional().describe('The arguments behind the image, as one line.'),
  command: text().optional().describe("What replaces the image's entry point, as one line."),
  published: publishedField.optional(),
  networks: texts().optional().describe('Networks that its tasks are attached to (others may be too).'),
  constraints: texts().optional().describe('Placement constraints that it has, such as `node.role==worker`.'),
  spread: texts().optional().describe('Placement preferences, such as `node.labels.rack`, in order.'),
  'max-per-node': count().optional().describe('The most tasks that a node may run.'),
  env: pairs().optional(),
  labels: pairs().optional().describe('Labels of the service.'),
  'container-labels': pairs().optional().describe('Labels of its containers.'),
  secrets: texts().optional().describe('Names of secrets that it gets.'),
  configs: texts().optional().describe('Names of configs that it gets.'),
  files: texts().optional().describe('File names under which secrets and configs appear.'),
  mounts: texts().optional().describe('Paths in the container on which something is mounted.'),
  reserve: resourcesField.optional().describe('What it reserves on a node.'),
  limit: resourcesField.optional().describe('What its tasks may use at most.'),
  restart: restartField.optional(),
  'endpoint-mode': z.enum(['vip', 'dnsrr']).optional(),
  healthcheck: z.boolean().optional().describe('Whether the service defines a health check of its own.'),
};

export type ServiceCheck = z.output<z.ZodObject<typeof fields>>;

/** What the grader saw: the service with its tasks, and the names of what it refers to. */
export interface ServiceSeen {
  found: (Tasks & { service: Service }) | undefined;
  /** Names of all networks by ID. */
  networkNames: ReadonlyMap<string, string>;
  others: string[];
}

async function observe(spec: { service: string }, view: ClusterView): Promise<ServiceSeen> {
  const [services, nodes, networks] = await Promise.all([view.services(), view.nodes(), view.networks()]);
  const service = services.find((candidate) => candidate.Spec.Name === spec.service);
  const names = new Map(nodes.map((node) => [node.ID, view.shortName(node)]));
  return {
    found: service && {
      service,
      tasks: await view.tasksOf(service),
      nodes,
      nodeName: (id) => names.get(id) ?? (id === '' ? 'no node' : 'a node that is gone'),
    },
    networkNames: new Map(networks.map((network) => [network.Id, network.Name])),
    others: services.map((candidate) => candidate.Spec.Name),
  };
}

/** A service: what it was told to be, and how many of its tasks really run. */
export const service = defineGrader({
  name: 'service',
  summary:
    'A service: what it was told to be (mode, image, ports, networks, placement ...) and how many of its tasks really run. The name is compared as a whole.',
  example: '- service: webserver\n  running: 1\n  published: { target: 80, between: [30000, 32767], as: port }',
  cost: 'state',
  fields,
  observe,
  explain(spec, seen) {
    const subject = `service ${spec.service}`;
    if (spec.absent) return gone(subject, seen.found && 'still there', '`docker service ls` lists what there is.');
    if (seen.found === undefined) {
      const like = seen.others.filter((name) => name.includes(spec.service) || spec.service.includes(name));
      return missing(
        subject,
        '`docker service ls` lists what there is.',
        like.length === 0 ? undefined : `there is one called ${like.join(', ')}`,
      );
    }
    const { aspects, bindings } = judgeSpec(spec, seen.found, seen.networkNames);
    return combine(subject, aspects, {
      next: `Compare with \`docker service inspect --pretty ${spec.service}\`.`,
      bindings,
    });
  },
});
