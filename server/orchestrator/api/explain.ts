import type { TaskState } from '../model/task-state.ts';

/** One node as the scheduler saw it for a task. */
export interface NodeVerdict {
  nodeId: string;
  hostname: string;
  /** Undefined when every filter let the node pass; else the words of the filter that refused it. */
  refusedBy: string | undefined;
  /** Tasks of the same service on the node, all tasks on it, and recent failures of this service there: what nodes are ranked by. */
  serviceTasks: number;
  totalTasks: number;
  recentFailures: number;
}

/** A state that a task came to. */
export interface TaskStop {
  state: TaskState;
  /** RFC 3339: when, by the clock of whoever put it there. */
  at: string;
  message: string;
  error: string | undefined;
}

/** What a task waits for, or why it went where it is. */
export interface TaskExplanation {
  taskId: string;
  name: string;
  state: TaskState;
  desiredState: TaskState;
  nodeId: string | undefined;
  /** One sentence: where it is and why, or what it waits for. */
  summary: string;
  /** The states it has come through, in order, as far as this process has seen them; the last one is where it is. */
  way: TaskStop[];
  /** All nodes, the ones that could take the task first, best one first. */
  nodes: NodeVerdict[];
  /** Earlier tasks of the same slot, newest first. */
  history: {
    taskId: string;
    state: TaskState;
    nodeId: string | undefined;
    message: string;
    error: string | undefined;
  }[];
  /** How often the slot was restarted, and how often it may be at most (undefined: without limit). */
  restarts: { done: number; limit: number | undefined };
}
