import type { Service, Task } from '../model/objects.ts';
import { compareStates, type TaskState } from '../model/task-state.ts';
import type { Store, WriteTransaction } from '../store/store.ts';

/** Moves the desired state of a task forward to `desired`, never back. A task that is gone is left alone. */
export function raiseDesiredState(transaction: WriteTransaction, taskId: string, desired: TaskState): void {
  const task = transaction.tasks.get(taskId);
  if (task === undefined || compareStates(task.DesiredState, desired) >= 0) return;
  transaction.update('tasks', { ...task, DesiredState: desired });
}

/** Tells every task of a deleted service to stop and be removed. */
export function removeTasksOfService(store: Store, service: Service): void {
  const tasks = store.tasksOfService(service.ID);
  if (tasks.length === 0) return;
  store.update((transaction) => {
    for (const task of tasks) raiseDesiredState(transaction, task.ID, 'remove');
  });
}

/** Whether the task is meant to run, or to get there. */
export function wantsToRun(task: Task): boolean {
  return compareStates(task.DesiredState, 'running') <= 0;
}

/** Whether the task is past running: it ended, failed or never will run. */
export function hasEnded(task: Task): boolean {
  return compareStates(task.Status.State, 'running') > 0;
}

/** When the manager heard of the task's state, or else when its agent says it began. Such times compare as strings. */
export function statusTime(task: Task): string {
  return task.Status.appliedAt ?? task.Status.Timestamp;
}
