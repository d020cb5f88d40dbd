import type { Clock, Disposable } from '../clock/clock.ts';
import type { LogStream } from './api/control-api.ts';
import type { NodeVerdict, TaskExplanation } from './api/explain.ts';
import type { AgentMessage, Connection, LogOptions, ManagerMessage } from './dispatcher/protocol.ts';
import type { Store } from './store/store.ts';

/** What every part of a running swarm is made from. */
export interface PartContext {
  readonly store: Store;
  readonly clock: Clock;
}

/**
 * A loop of the leader: `start` makes up for whatever happened in the store before (after a restart, or under another leader) and
 * then follows its events until disposed. One object is started at most once; a new leader gets new ones.
 */
export interface SwarmPart extends Disposable {
  start(): void;
}

/** Sessions with the nodes' agents. */
export interface DispatcherPart extends SwarmPart {
  /** Takes a connection whose first message is the agent's `hello`, with the node's ID filled in. */
  connect(connection: Connection<AgentMessage, ManagerMessage>): void;
  /** Ends the session of a node that has left or was removed; its agent is told to forget everything. */
  dismiss(nodeId: string, reason: string): void;
}

/** Whose logs: of whole services or of single tasks, by ID. */
export interface LogSelector {
  serviceIds: string[];
  taskIds: string[];
}

/** Collects log lines from the nodes. */
export interface LogBrokerPart extends SwarmPart {
  subscribe(selector: LogSelector, options: LogOptions, signal: AbortSignal): LogStream['messages'];
}

/** The scheduler, which can also say what it thinks of each node for a task. */
export interface SchedulerPart extends SwarmPart {
  verdicts(taskId: string): NodeVerdict[];
}

/** The restart supervisor, which remembers how often a slot was restarted. */
export interface RestartHistory {
  restarts(taskId: string): TaskExplanation['restarts'];
}
