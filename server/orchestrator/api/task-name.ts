import type { Task } from '../model/objects.ts';

/** What a task and its container are called: `web.1.<task>`; for a global service the node takes the slot's place. */
export function taskName(task: Pick<Task, 'ID' | 'Slot' | 'NodeID' | 'global' | 'serviceName'>): string {
  return `${task.serviceName}.${task.global ? (task.NodeID ?? '') : (task.Slot ?? 0)}.${task.ID}`;
}
