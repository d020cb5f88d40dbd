import { constraintsOf, nodeMatches } from '../constraints/constraint.ts';
import type { Service, Task } from '../model/objects.ts';
import { compareStates } from '../model/task-state.ts';
import type { ReadView } from '../store/store.ts';
import type { Place } from './new-task.ts';
import { isInvalidNode } from './node-fitness.ts';

/** The nodes on which a global job needs a task: ready, active, meeting the constraints, without a task of this iteration. */
export function missingGlobalJobPlaces(view: ReadView, service: Service, current: readonly Task[]): Place[] {
  const constraints = constraintsOf(service.Spec.TaskTemplate.Placement);
  const served = new Set<string>();
  for (const task of current) if (countsForNode(task)) served.add(task.NodeID ?? '');
  const places: Place[] = [];
  for (const node of view.nodes.all()) {
    const fit = node.Status.State === 'ready' && node.Spec.Availability === 'active';
    if (fit && !served.has(node.ID) && nodeMatches(constraints, node)) places.push({ nodeId: node.ID });
  }
  return places;
}

/** Tasks of this iteration that have not ended on nodes which meet the constraints but cannot keep them. */
export function unfitGlobalJobTasks(view: ReadView, service: Service, current: readonly Task[]): Task[] {
  const constraints = constraintsOf(service.Spec.TaskTemplate.Placement);
  return current.filter((task) => {
    const node = view.nodes.get(task.NodeID ?? '');
    return node !== undefined && isInvalidNode(node) && nodeMatches(constraints, node) && countsForNode(task);
  });
}

function countsForNode(task: Task): boolean {
  return task.Status.State === 'complete' || compareStates(task.DesiredState, 'complete') <= 0;
}
