import type { Service, Task } from '../model/objects.ts';
import type { RestartSupervisor } from '../restart/restart-supervisor.ts';
import { type Store, slotKey } from '../store/store.ts';

/**
 * Takes up the tasks of the services an orchestrator looks after when it starts: the restart supervisor rebuilds its history and
 * pending starts slot by slot, then `fix` sees every task once, for what happened while nobody was looking.
 */
export function recoverTasks(
  store: Store,
  restarts: RestartSupervisor,
  isRelated: (service: Service) => boolean,
  fix: (task: Task) => void,
): void {
  const tasks: Task[] = [];
  const slots = new Map<string, Task[]>();
  for (const service of store.services.all()) {
    if (!isRelated(service)) continue;
    for (const task of store.tasksOfService(service.ID)) {
      tasks.push(task);
      const key = slotKey(task);
      const slot = slots.get(key);
      if (slot === undefined) slots.set(key, [task]);
      else slot.push(task);
    }
  }
  for (const slot of slots.values()) restarts.resume(slot);
  for (const task of tasks) fix(task);
}

/** Deletes tasks whose service was deleted while no manager was there to see it. */
export function removeStrayTasks(store: Store): void {
  const strays = [...store.tasks.all()].filter((task) => task.ServiceID !== '' && !store.services.get(task.ServiceID));
  if (strays.length === 0) return;
  store.update((transaction) => {
    for (const task of strays) transaction.remove('tasks', task.ID);
  });
}
