/**
 * A task's way through its life, numbered as SwarmKit numbers it: states only ever increase. `remove` exists as a desired state only.
 */
export const TASK_STATES = {
  new: 0,
  allocated: 128,
  pending: 64,
  assigned: 192,
  accepted: 256,
  preparing: 320,
  ready: 384,
  starting: 448,
  running: 512,
  complete: 576,
  shutdown: 640,
  failed: 704,
  rejected: 768,
  remove: 800,
  orphaned: 832,
} as const;

/** A state's name as the Engine API prints it. */
export type TaskState = keyof typeof TASK_STATES;

/** Negative when `a` comes before `b`, 0 when they are the same, positive when `a` comes after `b`. */
export function compareStates(a: TaskState, b: TaskState): number {
  return TASK_STATES[a] - TASK_STATES[b];
}

/** Whether the task has ended or never will run on: anything after `running`. */
export function isTerminal(state: TaskState): boolean {
  return TASK_STATES[state] > TASK_STATES.running;
}
