import type { TaskView } from '../../server/workspaces/view/cluster-view.ts';

/** The way of a task that goes well, in the order in which Swarm takes it. */
export const WAY = ['new', 'pending', 'assigned', 'accepted', 'preparing', 'ready', 'starting', 'running'] as const;

/** How a state looks: by its meaning for the student, not by its name. */
export type Tone = 'waiting' | 'moving' | 'good' | 'bad' | 'gone';

const TONES: Record<string, Tone> = {
  new: 'waiting',
  allocated: 'waiting',
  pending: 'waiting',
  assigned: 'moving',
  accepted: 'moving',
  preparing: 'moving',
  ready: 'moving',
  starting: 'moving',
  running: 'good',
  complete: 'gone',
  shutdown: 'gone',
  remove: 'gone',
  orphaned: 'gone',
  failed: 'bad',
  rejected: 'bad',
};

/** How a task is coloured: by its observed state; one that this page does not know looks like waiting. */
export function toneOf(task: Pick<TaskView, 'state'>): Tone {
  return TONES[task.state] ?? 'waiting';
}

/** Whether a task is over: it stays in the list only as history. */
export function isOver(task: TaskView): boolean {
  return ['complete', 'shutdown', 'failed', 'rejected', 'remove', 'orphaned'].includes(task.state);
}

/** Whether it still runs although it is to end. */
export function isEnding(task: TaskView): boolean {
  return !isOver(task) && ['shutdown', 'remove'].includes(task.desired);
}

/** One stop of a task's way. */
export interface Stop {
  state: string;
  /** RFC 3339; undefined when it was passed between two looks, or is not reached. */
  at: string | undefined;
  reached: boolean;
}

/**
 * The way of a task with what it has reached. A state that was passed too fast to be seen counts as reached; a task that ended
 * badly ends with that state, and what it did not come to is left out.
 */
export function wayOf(task: TaskView): Stop[] {
  const times = new Map(task.history.map(({ state, at }) => [state, at]));
  const seen = WAY.map((state) => times.has(state)).lastIndexOf(true);
  const stops = WAY.map((state, index) => ({ state, at: times.get(state), reached: index <= seen }));
  const end = task.history.find(({ state }) => !isOnWay(state));
  if (end === undefined) return stops;
  return [...stops.filter((stop) => stop.reached), { ...end, reached: true }];
}

function isOnWay(state: string): boolean {
  return WAY.some((stop) => stop === state);
}
