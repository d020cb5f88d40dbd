import type { EventEmitter } from 'node:events';
import type { z } from 'zod';
import type { TaskExplanation } from '../../orchestrator/api/explain.ts';
import type { commandUser, HostState, NodeAction } from './host-api.ts';
import type { ProgressLog } from './progress-log.ts';

export interface HostedClusterEvents {
  settled: [];
  removed: [];
  changed: [];
}

/** As whom a command runs on a node: the student, or whoever grades, who must not testify for the student. */
export type CommandUser = z.infer<typeof commandUser>;

/**
 * A cluster as its host serves it, whatever its nodes are. Emits `settled` when the cluster is ready or has failed, `removed` when nothing
 * is left of it, and `changed` after each change in its swarms, where this project's orchestrator runs them.
 */
export interface HostedCluster extends EventEmitter<HostedClusterEvents> {
  readonly progress: ProgressLog;
  state(): HostState;
  /** Makes the cluster, or takes up what is there of it. Does not reject: a failure is in the state. */
  run(): Promise<void>;
  /** Removes the cluster and everything of it. */
  down(): Promise<void>;
  /** A node's power or cable is pulled, or put back; resolves when that has taken effect. */
  act(node: string, action: NodeAction): Promise<void>;
  /** Why a task is where it is. */
  explain(task: string): TaskExplanation;
  /** Where nodes are not containers: the words in front of a command that is to run on the node. */
  commandPrefix(node: string, user: CommandUser): string[];
}
