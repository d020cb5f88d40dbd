import { z } from 'zod';
import { absent, count, pairs, text, texts } from '../fields.ts';
import { publishedField } from './published.ts';
import { resourcesField, restartField } from './resources.ts';

/** What `docker service create --mode` takes. */
export const MODES = ['replicated', 'global', 'replicated-job', 'global-job'] as const;

/** What a check of a service may ask for. */
export const serviceFields = {
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

export type ServiceCheck = z.output<z.ZodObject<typeof serviceFields>>;
