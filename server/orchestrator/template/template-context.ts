import { taskName } from '../api/task-name.ts';
import type { NodeDescription, Task } from '../model/objects.ts';
import type { TemplateContext } from './template.ts';

/** What the templates of a task's container may name: its service, the node that it is on, and itself. */
export function templateContext(task: Task, node: { id: string; description: NodeDescription }): TemplateContext {
  return {
    Service: { ID: task.ServiceID, Name: task.serviceName, Labels: task.serviceLabels },
    Node: { ID: node.id, Hostname: node.description.Hostname, Platform: node.description.Platform },
    // A global task has no slot; its node tells it apart instead.
    Task: { ID: task.ID, Name: taskName(task), Slot: task.global ? node.id : String(task.Slot ?? 0) },
  };
}
