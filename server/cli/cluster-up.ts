import { z } from 'zod';
import { ALL_NODES, type ClusterRecord, type ClusterRequest, clusterName } from '../clusters/cluster-record.ts';
import { awaitCluster, beginCluster } from '../clusters/create-cluster.ts';
import { clusterNodeName } from '../clusters/node-plan.ts';
import { engineAnswers } from '../clusters/outer-engine.ts';
import { ClusterFolder } from '../clusters/state-folder.ts';
import { parseSubnet } from '../clusters/subnet.ts';
import { printJson } from './output.ts';
import { parseCall } from './parse-call.ts';

/** Exit code of a program that SIGINT has ended. */
const INTERRUPTED = 130;
const INTERRUPTS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const upOptions = z.object({
  nodes: z.enum(['auto', 'dind', 'embedded']),
  orchestrator: z.enum(['builtin', 'swarm']),
  subnet: z
    .string()
    .refine((text) => parseSubnet(text) !== undefined, '--subnet is written like 10.10.10.0/24')
    .optional(),
  imagesOn: z
    .string()
    .transform((text) => (text === '' ? [] : text.split(',').map((name) => name.trim())))
    .pipe(z.array(clusterNodeName))
    .optional(),
  registry: z.boolean().default(false),
  json: z.boolean().default(false),
});

/** `cluster up`: makes the cluster, telling each step on stderr, and prints what it is on stdout. */
export async function clusterUp(name: string, given: unknown): Promise<void> {
  const options = parseCall(upOptions, given);
  const request: ClusterRequest = {
    name: parseCall(clusterName, name),
    kind: options.nodes === 'auto' ? ((await engineAnswers()) ? 'dind' : 'embedded') : options.nodes,
    orchestrator: options.orchestrator,
    ...(options.subnet !== undefined && { subnet: options.subnet }),
    nodes: ALL_NODES,
    imagesOn: options.imagesOn ?? ALL_NODES,
    registry: options.registry,
    created: new Date().toISOString(),
  };
  const began = performance.now();
  const record = await makeUnlessInterrupted(request);
  if (options.json) printJson(describeCluster(record));
  else {
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    process.stdout.write(
      `${name} is ready after ${seconds} s: ${record.nodes.map((node) => node.name).join(', ')} in ${record.subnet}\n`,
    );
    process.stdout.write(`  swarmlab cluster exec ${name} master -- docker node ls\n`);
  }
}

/** Ctrl-C removes what there is of the cluster by then, and ends this process. */
async function makeUnlessInterrupted(request: ClusterRequest): Promise<ClusterRecord> {
  const interrupted = new AbortController();
  const interrupt = () => {
    process.stderr.write(`interrupted; removing ${request.name}\n`);
    interrupted.abort();
  };
  for (const signal of INTERRUPTS) process.once(signal, interrupt);
  try {
    const host = await beginCluster(request);
    const removed = new Promise<void>((resolve) => {
      const remove = () => host.down().then(resolve, resolve);
      if (interrupted.signal.aborted) remove();
      else interrupted.signal.addEventListener('abort', remove);
    });
    const made = awaitCluster(host, (text) => process.stderr.write(`${text}\n`));
    return await made.catch(async (error: unknown) => {
      if (!interrupted.signal.aborted) throw error;
      await removed;
      return process.exit(INTERRUPTED);
    });
  } finally {
    for (const signal of INTERRUPTS) process.off(signal, interrupt);
  }
}

/** A cluster as `--json` prints it; `dockerHost` is a socket on this machine that leads to the node's gateway. */
export function describeCluster(record: ClusterRecord): unknown {
  const folder = new ClusterFolder(record.name);
  return {
    name: record.name,
    nodesKind: record.kind,
    orchestrator: record.orchestrator,
    subnet: record.subnet,
    nodes: record.nodes.map((node) => ({
      name: node.name,
      address: node.address,
      container: node.container,
      dockerHost: `unix://${folder.node(node.name).dockerSocket}`,
    })),
  };
}
