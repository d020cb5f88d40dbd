import type { Disposable } from '../../clock/clock.ts';
import type { WitnessedRequest } from '../../gateway/witness/witness.ts';
import type { CommandUser } from '../host/hosted-cluster.ts';

/** What there is to tell of a node that shells know nothing of. */
export interface NodeReports {
  /** What the student's clients asked of it after a sequence number. */
  requests(since: number): WitnessedRequest[];
  /** Whether its agent has a session with a manager. */
  isConnected(): boolean;
}

/** How a student gets onto the nodes of one embedded cluster. */
export interface NodeShells {
  /** A user of this machine that the nodes' gateways must belong to, for the shells to reach them. */
  readonly uid: number | undefined;
  /** Whether they are real, each in a sandbox of its own. */
  readonly sandboxed: boolean;
  /** Serves what a node's agent would, login shells in terminals among it, at a socket until disposed. */
  serveAgent(node: string, socket: string, reports: NodeReports): Promise<Disposable>;
  /** The command line that runs `command` on a node as the student would; a grader's docker is not witnessed. */
  command(node: string, command: readonly string[], user: CommandUser): string[];
  /** Ports that the nodes answer at may have changed. */
  reviewPorts(): void;
  /** A node's address is answered, or is not any more. */
  setReachable(node: string, reachable: boolean): Promise<void>;
  close(): Promise<void>;
}

/** The folders of one embedded node that its shells see. */
export interface NodeFolders {
  home: string;
  tmp: string;
  etc: string;
  /** With the socket of the gateway that witnesses. */
  gateway: string;
  /** With the socket of the gateway for graders. */
  grading: string;
}
