import { constraintsOf, nodeMatches } from '../constraints/constraint.ts';
import type { Node, Service, Task } from '../model/objects.ts';
import type { TaskSpec } from '../model/specs.ts';
import { compareStates } from '../model/task-state.ts';
import { hasEnded, wantsToRun } from './desired-state.ts';
import { sameSpec } from './same-spec.ts';

/**
 * Whether the task has to be replaced for the service to be as its spec says. Replicas, service labels and the update configs do not
 * matter; a difference in nothing but the placement does not either, as long as the task's node meets the new constraints.
 */
export function isTaskDirty(service: Service, task: Task, node: Node | undefined): boolean {
  if (task.specVersion === service.specVersion) return false;
  const wanted = hasImage(task)
    ? withRegistryAuth(service.Spec.TaskTemplate, task.Spec.ContainerSpec?.registryAuth)
    : service.Spec.TaskTemplate;
  if (differsInPlacementOnly(wanted, task.Spec)) {
    const stays = node !== undefined && nodeMatches(constraintsOf(wanted.Placement), node);
    if (stays) return false;
  }
  if (!sameSpec(wanted, task.Spec)) return true;
  return !sameSpec(service.Spec.EndpointSpec, task.endpoint?.Spec);
}

function differsInPlacementOnly(wanted: TaskSpec, actual: TaskSpec): boolean {
  if (sameSpec(wanted.Placement, actual.Placement)) return false;
  return sameSpec({ ...wanted, Placement: undefined }, { ...actual, Placement: undefined });
}

/** Whether the task's node has pulled the image already, so that the credentials for it do not matter any more. */
function hasImage(task: Task): boolean {
  return wantsToRun(task) && compareStates(task.Status.State, 'ready') >= 0 && !hasEnded(task);
}

function withRegistryAuth(spec: TaskSpec, registryAuth: string | undefined): TaskSpec {
  if (spec.ContainerSpec === undefined || spec.ContainerSpec.registryAuth === registryAuth) return spec;
  return { ...spec, ContainerSpec: { ...spec.ContainerSpec, registryAuth } };
}
