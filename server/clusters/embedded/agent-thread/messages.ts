import type { WitnessedRequest } from '../../../gateway/witness/witness.ts';

/** What the thread is told; nodes go by a number that is given once. */
export type AgentThreadRequest =
  | {
      type: 'serve';
      node: number;
      socket: string;
      /** The words before a command that the student runs on the node. */
      prefix: readonly string[];
    }
  | { type: 'close'; node: number }
  | { type: 'facts'; ticket: number; facts: NodeFacts };

/** What the thread says. */
export type AgentThreadMessage =
  | { type: 'serving'; node: number; problem?: string }
  /** Wants to know of a node what only its engine's process can tell: requests after a sequence number, and how it is. */
  | { type: 'ask'; ticket: number; node: number; since: number };

export interface NodeFacts {
  requests: WitnessedRequest[];
  /** Whether the node's agent has a session with a manager. */
  connected: boolean;
}
