import type { HomeFiles } from '../../files/home-files.ts';
import type { Pty, TerminalSize } from '../../terminals/pty.ts';
import type { CommandUser } from '../host/hosted-cluster.ts';

/** How a student gets onto the nodes of one embedded cluster. */
export interface NodeShells {
  /** A user of this machine that the nodes' gateways must belong to, for the shells to reach them. */
  readonly uid: number | undefined;
  /** Whether they are real, each in a sandbox of its own. */
  readonly sandboxed: boolean;
  /** A login shell on a node, in a terminal of its own. */
  openTerminal(node: string, size: TerminalSize): Pty;
  /** The command line that runs `command` on a node as the student would; a grader's docker is not witnessed. */
  command(node: string, command: readonly string[], user: CommandUser): string[];
  /** The student's home folder on a node. */
  files(node: string): HomeFiles;
  /** Ports that the nodes answer at may have changed. */
  reviewPorts(): void;
  /** A node's address is answered, or is not any more. */
  setReachable(node: string, reachable: boolean): Promise<void>;
  close(): Promise<void>;
}

/** The folders of one embedded node that its shells see. */
export interface NodeFolders {
  home: string;
  etc: string;
  /** With the socket of the gateway that witnesses. */
  gateway: string;
  /** With the socket of the gateway for graders. */
  grading: string;
}
