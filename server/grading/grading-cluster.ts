import type { Disposable } from '../clock/clock.ts';
import type { Fault } from '../labs/fault.ts';
import type { WitnessedRequest } from './witnessed-request.ts';

export interface GradingNode {
  name: string;
  hostname: string;
  address: string;
  /** Whether its engine can be asked; on a foreign cluster only the entry node's can. */
  engine: boolean;
}

export interface EngineAnswer {
  status: number;
  /** Parsed JSON, or the text when it is none. */
  body: unknown;
}

export interface NodeCommand {
  argv: readonly string[];
  /** `student` is the user of the terminals; `root` is for looking, never for the student's commands. */
  user: 'student' | 'root';
  /** Milliseconds after which it is ended. */
  limit: number;
  /** Called with each piece of output as it comes; answering `true` ends the command. */
  onOutput?: (text: string) => boolean;
}

export interface CommandResult {
  /** Undefined when it was ended from outside. */
  exitCode: number | undefined;
  stdout: string;
  stderr: string;
  /** Why it was ended from outside, if it was. */
  ended: 'limit' | 'output' | undefined;
}

/**
 * A cluster as grading sees it, whoever runs it. What a cluster cannot offer is absent, and a check that needs it is unobservable.
 * Every method rejects with ClusterUnreachable when the node does not answer.
 */
export interface GradingCluster {
  readonly name: string;
  /** Who schedules; undefined when nobody told. */
  readonly orchestrator: 'builtin' | 'swarm' | undefined;
  readonly nodes: readonly GradingNode[];
  /** GET of a path of the node's Engine API (no version). Any status is an answer. */
  get(node: string, path: string): Promise<EngineAnswer>;
  /** Like `get`, but the body's bytes (logs). */
  getBytes(node: string, path: string): Promise<{ status: number; body: Buffer }>;
  /** Runs a program inside a container; gives its output (both streams) and exit code. */
  execInContainer(node: string, container: string, argv: readonly string[], limit: number): Promise<CommandResult>;
  /** Calls back after something may have changed, until disposed. */
  onChange(listener: () => void): Disposable;
  /** Whether `onChange` hears of tasks, too; where it does not, callers look again and again while they wait. */
  readonly tellsOfTasks?: boolean;
  /** What the node's student clients asked after the given sequence number. */
  readonly requests?: (node: string, after: number) => Promise<WitnessedRequest[]>;
  /** Runs a program on a node. */
  readonly exec?: (node: string, command: NodeCommand) => Promise<CommandResult>;
  /** Breaks something on purpose; what chance there is in it is drawn from `seed`. */
  readonly fault?: (fault: Fault, seed: string) => Promise<void>;
}
