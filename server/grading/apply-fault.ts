import type { NodeAction } from '../clusters/host/host-api.ts';
import { nodeAction } from '../clusters/host/host-api.ts';
import type { SimulatedEngine } from '../engine/simulator/simulated-engine.ts';
import { SwarmlabError } from '../errors/swarmlab-error.ts';
import { parseDuration } from '../labs/duration.ts';
import type { Fault } from '../labs/fault.ts';
import type { CommandResult, NodeCommand } from './grading-cluster.ts';
import { Unobservable } from './verdict.ts';

/** How long a set-up script of a fault may take. */
const FAULT_LIMIT = 120_000;

/** What it takes to break a cluster on purpose. */
export interface Breakable {
  /** The socket of a node's gateway that nobody witnesses. */
  controlSocket(node: string): string;
  exec(node: string, command: NodeCommand): Promise<CommandResult>;
  /** Pulls a node's power or cable, or puts it back. */
  act(node: string, action: NodeAction): Promise<void>;
  /** The simulated engine of a node; undefined where engines are real or in another process. */
  simulated?(node: string): SimulatedEngine;
}

/**
 * Breaks what a lab's fault says, on a cluster of these nodes. SL_LAB_INVALID when a set-up script of its fails; Unobservable where only
 * simulated nodes could be broken like that.
 */
export async function applyFault(
  fault: Fault,
  cluster: Breakable,
  nodes: readonly string[],
  seed: string,
): Promise<void> {
  if ('run' in fault) {
    const argv = ['bash', '-c', fault.run];
    const { exitCode, stderr } = await cluster.exec(fault.on, { argv, user: 'root', limit: FAULT_LIMIT });
    if (exitCode !== 0)
      throw new SwarmlabError('SL_LAB_INVALID', `a set-up script on ${fault.on} failed: ${stderr.trim()}`);
  } else if ('remove-image' in fault) {
    const { default: Dockerode } = await import('dockerode');
    for (const node of fault.from)
      await new Dockerode({ socketPath: cluster.controlSocket(node) })
        .getImage(fault['remove-image'])
        .remove({ force: true })
        .catch((cause: Error) => {
          if (!('statusCode' in cause) || cause.statusCode !== 404) throw cause;
          throw new SwarmlabError(
            'SL_LAB_INVALID',
            `a fault takes an image away that ${node} has not: ${cause.message}`,
          );
        });
  } else if ('slow-pull' in fault) {
    for (const node of fault.on) simulated(cluster, node).faults.pullDelay = parseDuration(fault['slow-pull']) ?? 0;
  } else if ('full-disk' in fault) {
    simulated(cluster, fault['full-disk']).faults.diskFull = true;
  } else if ('free-disk' in fault) {
    simulated(cluster, fault['free-disk']).faults.diskFull = false;
  } else if ('crash' in fault) {
    for (const node of nodes) {
      const engine = simulated(cluster, node);
      engine.crashes.set(fault.crash, parseDuration(fault.every) ?? 0, seed, engine.containers());
    }
  } else {
    for (const [action, node] of Object.entries(fault)) await cluster.act(node, nodeAction.parse(action));
  }
}

function simulated(cluster: Breakable, node: string): SimulatedEngine {
  if (cluster.simulated === undefined)
    throw new Unobservable('only simulated nodes in virtual time can be broken like that');
  return cluster.simulated(node);
}
