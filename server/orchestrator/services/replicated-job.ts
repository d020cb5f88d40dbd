import type { Service, Task } from '../model/objects.ts';
import { compareStates } from '../model/task-state.ts';
import type { Place } from './new-task.ts';

/**
 * The slots in which a replicated job needs new tasks, given the tasks of its current iteration: no more than may run at once, no more
 * than are still to be completed. Slots count from 0; tasks that failed and wait to be restarted count as running.
 */
export function missingReplicatedJobPlaces(service: Service, current: readonly Task[]): Place[] {
  const job = service.Spec.Mode.ReplicatedJob ?? { MaxConcurrent: 1, TotalCompletions: 1 };
  const taken = new Set<number>();
  let completed = 0;
  let active = 0;
  for (const task of current) {
    if (task.Status.State === 'complete') completed++;
    else if (compareStates(task.DesiredState, 'complete') <= 0) active++;
    else continue;
    taken.add(task.Slot ?? 0);
  }
  const room = Math.min(job.MaxConcurrent - active, job.TotalCompletions - completed - active);
  const places: Place[] = [];
  for (let slot = 0; places.length < room; slot++) if (!taken.has(slot)) places.push({ slot });
  return places;
}
