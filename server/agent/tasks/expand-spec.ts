import type { NodeDescription, Task } from '../../orchestrator/model/objects.ts';
import type { ContainerSpec } from '../../orchestrator/model/specs.ts';
import { expandContainerSpec } from '../../orchestrator/template/expand-container.ts';
import { taskName } from './container-name.ts';
import { checkMount } from './mounts.ts';

/** This node, as templates and containers may name it. */
export interface LocalNode {
  id: string;
  description: NodeDescription;
}

/**
 * The task's container spec with its templates filled in: hostname, environment and mounts. Throws Swarm's text for what makes it
 * impossible from the start; the task is then rejected with `resolving controller failed`.
 */
export function expandSpec(task: Task, node: LocalNode): ContainerSpec {
  const spec = task.Spec.ContainerSpec;
  if (spec === undefined) throw new Error('unsupported runtime: a task needs a container');
  const expanded = expandContainerSpec(spec, {
    Service: { ID: task.ServiceID, Name: task.serviceName, Labels: task.serviceLabels },
    Node: { ID: node.id, Hostname: node.description.Hostname, Platform: node.description.Platform },
    // A global task has no slot; its node tells it apart instead.
    Task: { ID: task.ID, Name: taskName(task), Slot: task.global ? node.id : String(task.Slot ?? 0) },
  });
  for (const mount of expanded.Mounts ?? []) checkMount(mount);
  return expanded;
}
