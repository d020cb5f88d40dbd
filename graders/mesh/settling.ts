import { parseTimestamp } from '../../server/clock/clock.ts';
import type { ClusterView } from '../../server/grading/cluster-view.ts';
import { declaredReplicas, runningTasks } from '../running.ts';

/** Names, ports and addresses follow a task's state by up to this many milliseconds. */
const FOLLOWS_WITHIN = 5000;

/** Whether services are still on their way, so that what does not answer now may answer by itself soon. */
export async function isSettling(view: ClusterView): Promise<boolean> {
  const [services, tasks, nodes] = await Promise.all([view.services(), view.tasks(), view.nodes()]);
  if (tasks.some((task) => view.now - parseTimestamp(task.Status.Timestamp ?? '') < FOLLOWS_WITHIN)) return true;
  return services.some((service) => {
    const own = tasks.filter((task) => task.ServiceID === service.ID);
    const declared = declaredReplicas(service);
    return (
      service.UpdateStatus?.State === 'updating' ||
      (declared !== undefined && runningTasks({ tasks: own, nodes }).length < declared)
    );
  });
}
