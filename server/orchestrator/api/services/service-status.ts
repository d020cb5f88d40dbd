import type { Service, Task } from '../../model/objects.ts';
import type { ReadView } from '../../store/store.ts';
import type { ServiceStatus } from '../views/service-view.ts';

/** Counts a service's tasks as SwarmKit does: running is what was observed to run, wherever and whatever is desired of it. */
export function serviceStatus(view: ReadView, service: Service): ServiceStatus {
  const { Replicated, Global, ReplicatedJob } = service.Spec.Mode;
  const isJob = service.JobStatus !== undefined;
  const iteration = service.JobStatus?.JobIteration.Index ?? 0;
  const counts = { running: 0, completed: 0, desiredRunning: 0, jobsLeft: 0 };
  for (const task of view.tasksOfService(service.ID)) {
    if (isJob && (task.JobIteration?.Index ?? 0) !== iteration) continue;
    count(task, counts);
  }
  const desired = Replicated
    ? Replicated.Replicas
    : ReplicatedJob
      ? ReplicatedJob.MaxConcurrent
      : Global
        ? counts.desiredRunning
        : counts.jobsLeft;
  return {
    RunningTasks: counts.running,
    DesiredTasks: desired,
    CompletedTasks: isJob ? counts.completed : 0,
  };
}

function count(
  { Status, DesiredState }: Task,
  counts: { running: number; completed: number; desiredRunning: number; jobsLeft: number },
): void {
  if (Status.State === 'running') counts.running++;
  if (Status.State === 'complete') counts.completed++;
  if (DesiredState === 'running') counts.desiredRunning++;
  if (DesiredState === 'complete' && Status.State !== 'complete') counts.jobsLeft++;
}
