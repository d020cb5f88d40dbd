import type { ContainerSummary } from '../../engine/engine.ts';
import type { Task } from '../../orchestrator/model/objects.ts';

/** The task's name, which is also its container's: `web.1.<task id>`, with the node in the place of the slot for global tasks. */
export function taskName(task: Task): string {
  const place = task.global ? (task.NodeID ?? '') : String(task.Slot ?? 0);
  return `${task.serviceName}.${place}.${task.ID}`;
}

/** The label that names the task of a container; what is on the node is known by it. */
export const TASK_ID_LABEL = 'com.docker.swarm.task.id';

const TASK_NAME_LABEL = 'com.docker.swarm.task.name';

/**
 * The task that a container belongs to, or undefined. Labels alone prove nothing, since a container also has those of its image: one of
 * a task is called what its label says as well.
 */
export function taskOfContainer({ Names, Labels }: Pick<ContainerSummary, 'Names' | 'Labels'>): string | undefined {
  return Names.includes(`/${Labels[TASK_NAME_LABEL]}`) ? Labels[TASK_ID_LABEL] : undefined;
}

/** The labels that every container of a task carries, over whatever the spec asks for. */
export function systemLabels(task: Task): Record<string, string> {
  return {
    'com.docker.swarm.task': '',
    [TASK_ID_LABEL]: task.ID,
    [TASK_NAME_LABEL]: taskName(task),
    'com.docker.swarm.node.id': task.NodeID ?? '',
    'com.docker.swarm.service.id': task.ServiceID,
    'com.docker.swarm.service.name': task.serviceName,
  };
}
