import Dockerode from 'dockerode';
import type { NodeAction } from '../clusters/host/host-api.ts';
import { nodeAction } from '../clusters/host/host-api.ts';
import { SwarmlabError } from '../errors/swarmlab-error.ts';
import type { Fault } from '../labs/fault.ts';
import type { CommandResult, NodeCommand } from './grading-cluster.ts';

/** How long a set-up script of a fault may take. */
const FAULT_LIMIT = 120_000;

/** What it takes to break a cluster on purpose. */
export interface Breakable {
  /** The socket of a node's gateway that nobody witnesses. */
  controlSocket(node: string): string;
  exec(node: string, command: NodeCommand): Promise<CommandResult>;
  /** Pulls a node's power or cable, or puts it back. */
  act(node: string, action: NodeAction): Promise<void>;
}

/** Breaks what a lab's fault says. SL_LAB_INVALID when a set-up script of its fails. */
export async function applyFault(fault: Fault, cluster: Breakable): Promise<void> {
  if ('run' in fault) {
    const argv = ['bash', '-c', fault.run];
    const { exitCode, stderr } = await cluster.exec(fault.on, { argv, user: 'root', limit: FAULT_LIMIT });
    if (exitCode !== 0)
      throw new SwarmlabError('SL_LAB_INVALID', `a set-up script on ${fault.on} failed: ${stderr.trim()}`);
  } else if ('remove-image' in fault) {
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
  } else {
    for (const [action, node] of Object.entries(fault)) await cluster.act(node, nodeAction.parse(action));
  }
}
