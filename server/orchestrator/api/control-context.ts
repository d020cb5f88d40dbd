import type { Clock } from '../../clock/clock.ts';
import type { Cluster, Node, Task } from '../model/objects.ts';
import { type ReadView, SequenceConflict, type Store, type WriteTransaction } from '../store/store.ts';
import type { LogBrokerPart } from '../swarm-parts.ts';
import { ControlError } from './control-error.ts';
import type { NodeVerdict, TaskExplanation, TaskStop } from './explain.ts';

/** What the parts of the control API work with. */
export interface ControlContext {
  readonly store: Store;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly logs: () => LogBrokerPart;
  readonly verdicts: (taskId: string) => NodeVerdict[];
  readonly way: (task: Task) => TaskStop[];
  readonly restarts: (taskId: string) => TaskExplanation['restarts'];
  readonly managers: ManagerRules;
}

/** What the number of managers forbids. */
export interface ManagerRules {
  /** Throws 400 when the manager is the last one, or the others would be too few without it. */
  refuseDemotion(view: ReadView, node: Node): void;
}

/** The swarm itself: there is exactly one in a store. */
export function clusterOf(view: ReadView): Cluster {
  const [cluster] = view.clusters.all();
  if (cluster === undefined) throw new Error('the store holds no cluster');
  return cluster;
}

/**
 * Runs a transaction and answers when it is durable. An object that has changed since the version the client has read is refused as
 * Docker refuses it.
 */
export async function write<R>(store: Store, work: (transaction: WriteTransaction) => R): Promise<R> {
  const result = attempt(store, work);
  await store.durable();
  return result;
}

function attempt<R>(store: Store, work: (transaction: WriteTransaction) => R): R {
  try {
    return store.update(work);
  } catch (error) {
    throw error instanceof SequenceConflict ? ControlError.rpc('Unknown', error.message) : error;
  }
}
