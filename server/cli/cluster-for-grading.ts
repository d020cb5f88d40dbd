import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import { z } from 'zod';
import type { Clock } from '../clock/clock.ts';
import { RealClock } from '../clock/real-clock.ts';
import { TimeKeeper } from '../clock/time-keeper.ts';
import { VirtualClock } from '../clock/virtual-clock.ts';
import { ALL_NODES, type ClusterRequest } from '../clusters/cluster-record.ts';
import { clusterNodeName } from '../clusters/node-plan.ts';
import { SwarmlabError } from '../errors/swarmlab-error.ts';
import type { EngineCluster } from '../grading/engine-cluster.ts';
import type { GradingCluster } from '../grading/grading-cluster.ts';
import type { LabCluster } from '../labs/front-matter.ts';
import { parseCall } from './parse-call.ts';

// Where to work is known only when the options are: what works there is loaded then, for each takes its time.

/** The options by which `grade` and `prove` are told what clusters to make. */
export const newClusterOptions = z.object({
  nodes: z.enum(['auto', 'dind', 'embedded']).default('auto'),
  orchestrator: z.enum(['builtin', 'swarm']).default('builtin'),
  realTime: z.boolean().default(false),
});

/** The options by which `grade` is told where to work: on a cluster that is there, or on one to make. */
export const clusterOptions = newClusterOptions.extend({
  cluster: z.string().optional(),
  host: z.string().optional(),
});
export type ClusterOptions = z.infer<typeof clusterOptions>;

/** Adds the options of `clusterOptions` to a command. */
export function addClusterOptions(command: Command): Command {
  return addNewClusterOptions(
    command
      .option('--cluster <name>', 'a cluster that is there already')
      .option('--host <url>', "the Engine API of a manager of somebody's cluster"),
  );
}

/** Adds the options of `newClusterOptions` to a command. */
export function addNewClusterOptions(command: Command): Command {
  return command
    .option('--nodes <kind>', 'nodes of the cluster to make: auto, dind or embedded')
    .option('--orchestrator <name>', 'orchestrator of the cluster to make: builtin or swarm')
    .option('--real-time', 'let time pass as it does for a person: no virtual time, no shortened waits');
}

/** A cluster to work on, and what has to be done when the work is over. */
export interface ClusterAtWork<Cluster extends GradingCluster = GradingCluster> {
  cluster: Cluster;
  close(): Promise<void>;
}

/** What clusters are made of: their kind of nodes, and whose time passes in them. */
export interface WorkPlace {
  kind: 'dind' | 'embedded';
  clock: Clock;
  /** Who lets time pass, where it is virtual. */
  time: TimeKeeper | undefined;
}

/** Chooses where to work: time is virtual on embedded nodes that are made for the work, unless the options want it real. */
export async function workPlace(options: ClusterOptions): Promise<WorkPlace> {
  const kind = options.nodes === 'auto' ? await kindForThisMachine() : options.nodes;
  const given = options.cluster !== undefined || options.host !== undefined;
  if (given || kind === 'dind' || options.orchestrator === 'swarm' || options.realTime)
    return { kind, clock: new RealClock(), time: undefined };
  // Programs of the machine have to be asked: they answer while the lab is read.
  void import('../clusters/embedded/sandbox-check.ts').then(({ sandboxProblem }) => sandboxProblem());
  const clock = new VirtualClock(Date.now());
  return { kind, clock, time: new TimeKeeper(clock) };
}

async function kindForThisMachine(): Promise<WorkPlace['kind']> {
  const { engineAnswers } = await import('../clusters/outer-engine.ts');
  return (await engineAnswers()) ? 'dind' : 'embedded';
}

/**
 * Opens the cluster that the options name, or makes one as the lab wants it (removed by `close`). `tell` hears what goes on meanwhile.
 * SL_USAGE when the options contradict each other; else what opening or making throws.
 */
export async function clusterAtWork(
  options: ClusterOptions,
  place: WorkPlace,
  lab: LabCluster,
  tell: (text: string) => void,
): Promise<ClusterAtWork> {
  if (options.cluster !== undefined && options.host !== undefined)
    throw new SwarmlabError('SL_USAGE', '--cluster and --host name two clusters', { next: 'Give only one of them.' });
  const keep = async () => {};
  if (options.host !== undefined) {
    const { openForeignCluster } = await import('../grading/foreign-cluster.ts');
    return { cluster: await openForeignCluster(options.host, place.clock), close: keep };
  }
  if (options.cluster !== undefined) return { cluster: await openOwn(options.cluster, place), close: keep };
  return newCluster(options, place, lab, tell);
}

async function openOwn(name: string, { clock }: WorkPlace): Promise<EngineCluster> {
  const { openOwnCluster } = await import('../grading/own-cluster.ts');
  return openOwnCluster(name, clock);
}

/** Makes a cluster as the lab wants it; `close` removes it, and so does Ctrl-C. */
export async function newCluster(
  options: ClusterOptions,
  place: WorkPlace,
  lab: LabCluster,
  tell: (text: string) => void,
): Promise<ClusterAtWork<EngineCluster>> {
  const request = requestFor(options, place, lab);
  tell(`making cluster ${request.name}`);
  let made: ClusterAtWork<EngineCluster> | undefined;
  const remove = async () => {
    tell(`removing cluster ${request.name}`);
    await (place.time === undefined ? removeHosted(request.name) : made?.close());
  };
  const letGo = onInterrupt(remove, tell);
  try {
    if (place.time === undefined) {
      const { createCluster } = await import('../clusters/create-cluster.ts');
      await createCluster(request, tell);
    } else {
      const { makeVirtualCluster } = await import('../grading/virtual-cluster.ts');
      made = await makeVirtualCluster(request, place.time, tell);
    }
  } catch (error) {
    letGo();
    throw error;
  }
  const close = async () => {
    letGo();
    await remove();
  };
  return { cluster: made?.cluster ?? (await openOwn(request.name, place)), close };
}

async function removeHosted(name: string): Promise<void> {
  const [{ findClusterFolder }, { hostOf }] = await Promise.all([
    import('../clusters/find-cluster.ts'),
    import('../clusters/host/host-process.ts'),
  ]);
  await (await hostOf(findClusterFolder(name))).down();
}

/** Exit code of a program that was interrupted, as shells have it. */
const INTERRUPTED = 130;

/** Does something before the program ends for Ctrl-C or `kill`; gives what calls that off. */
function onInterrupt(act: () => Promise<void>, tell: (text: string) => void): () => void {
  const interrupted = () => {
    act()
      .catch((error: Error) => tell(error.message))
      .finally(() => process.exit(INTERRUPTED));
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.once(signal, interrupted);
  return () => {
    for (const signal of signals) process.off(signal, interrupted);
  };
}

function requestFor(options: ClusterOptions, place: WorkPlace, lab: LabCluster): ClusterRequest {
  return {
    name: `work-${randomBytes(4).toString('hex')}`,
    kind: place.kind,
    orchestrator: options.orchestrator,
    nodes: parseCall(z.array(clusterNodeName), lab.nodes ?? ALL_NODES),
    imagesOn: parseCall(z.array(clusterNodeName), lab['images-on'] ?? ALL_NODES),
    registry: lab.registry ?? false,
    created: new Date().toISOString(),
  };
}
