import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { SwarmlabError } from '../errors/swarmlab-error.ts';
import { clusterNodeName, NODE_PLANS } from './node-plan.ts';
import { parseSubnet } from './subnet.ts';

/** Part of container and socket names, so short and plain. */
export const clusterName = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9-]{0,28}[a-z0-9])?$/,
    'a cluster name is 1 to 30 lower case letters, digits and inner hyphens',
  );

const subnet = z.string().refine((text) => parseSubnet(text) !== undefined, 'a subnet is written like 10.10.10.0/24');

const common = z.object({
  name: clusterName,
  kind: z.enum(['dind', 'embedded']),
  orchestrator: z.enum(['builtin', 'swarm']),
  /** Absent: the first that is free. */
  subnet: subnet.optional(),
  /** Nodes that have the lab's images. */
  imagesOn: z.array(clusterNodeName),
  /** Whether the registry of the cluster is turned on. */
  registry: z.boolean(),
  created: z.iso.datetime(),
});

/** What a cluster is made from. */
export const clusterRequest = common.extend({
  /** Which of the machines there are to be. */
  nodes: z.array(clusterNodeName).refine((names) => names.includes('master'), 'a cluster has at least the node master'),
});
export type ClusterRequest = z.infer<typeof clusterRequest>;

const nodeRecord = z.object({
  name: clusterNodeName,
  hostname: z.string(),
  address: z.ipv4(),
  container: z.string(),
  role: z.enum(['manager', 'worker']),
  /** What the node proves itself with to the cluster host. */
  credential: z.string().min(32),
  /** Whether it is meant to be running: a node that a fault has stopped stays so when the host comes back. */
  power: z.enum(['on', 'off']),
  /** Whether it is meant to be connected to the cluster's network. */
  cable: z.enum(['in', 'out']),
});
export type NodeRecord = z.infer<typeof nodeRecord>;

/** What a cluster is, once its network is there. */
export const clusterRecord = common.extend({
  version: z.literal(1),
  phase: z.enum(['creating', 'ready', 'removing']),
  subnet,
  /** Where the builtin orchestrator listens for the nodes' agents; kept, because the nodes know it. 0 where they need no port. */
  agentPort: z.int().min(0).max(65_535),
  nodes: z.array(nodeRecord).min(1),
});
export type ClusterRecord = z.infer<typeof clusterRecord>;

/** The names of all nodes, in the order of the document. */
export const ALL_NODES = NODE_PLANS.map((plan) => plan.name);

/** The node's record; SL_NODE_NOT_FOUND when the cluster has none of that name. */
export function nodeOf(record: ClusterRecord, name: string): NodeRecord {
  const node = record.nodes.find((each) => each.name === name || each.hostname === name);
  if (node) return node;
  const names = record.nodes.map((each) => each.name).join(', ');
  throw new SwarmlabError('SL_NODE_NOT_FOUND', `cluster ${record.name} has no node ${name}`, {
    next: `Its nodes are ${names}.`,
  });
}

/** Reads and checks a JSON file; undefined when it is not there (yet). */
export function readJsonFile<T>(path: string, schema: z.ZodType<T>): T | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  const parsed = schema.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  throw new SwarmlabError('SL_INTERNAL', `${path} is not what it should be: ${z.prettifyError(parsed.error)}`, {
    next: 'Remove the cluster with `swarmlab gc`.',
  });
}

/** Replaces a JSON file in one go, so that no reader sees half of it. */
export function writeJsonFile(path: string, content: unknown): void {
  const fresh = `${path}.${process.pid}.new`;
  writeFileSync(fresh, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(fresh, path);
}
