import type { NodeDescription, Task } from '../../orchestrator/model/objects.ts';
import type { ContainerSpec } from '../../orchestrator/model/specs.ts';
import { expandContainerSpec } from '../../orchestrator/template/expand-container.ts';
import { templateContext } from '../../orchestrator/template/template-context.ts';
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
  const expanded = expandContainerSpec(spec, templateContext(task, node));
  for (const mount of expanded.Mounts ?? []) checkMount(mount);
  return expanded;
}
