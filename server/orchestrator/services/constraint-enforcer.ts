import type { Clock, Disposable } from '../../clock/clock.ts';
import { constraintsOf, nodeMatches } from '../constraints/constraint.ts';
import type { Node, Task } from '../model/objects.ts';
import { compareStates } from '../model/task-state.ts';
import { GenericPool } from '../scheduler/generic-resources.ts';
import { reservationsOf } from '../scheduler/node-info.ts';
import type { Store } from '../store/store.ts';
import type { SwarmPart } from '../swarm-parts.ts';

/**
 * Rejects tasks whose node does not meet their service's constraints any more, or has less than they have reserved, when a node's
 * labels, role or resources change. Their restart policy then finds them another node. Paused and drained nodes are left alone.
 */
export class ConstraintEnforcer implements SwarmPart {
  readonly #store: Store;
  readonly #clock: Clock;
  #watch: Disposable | undefined;

  constructor(options: { store: Store; clock: Clock }) {
    this.#store = options.store;
    this.#clock = options.clock;
  }

  start(): void {
    this.#watch = this.#store.watch((events) => {
      for (const event of events) {
        if (event.kind !== 'nodes' || event.action !== 'update') continue;
        const { old, object } = event;
        const changed = old.Spec !== object.Spec || old.Description !== object.Description || old.role !== object.role;
        if (changed || old.Status.Addr !== object.Status.Addr) this.#enforce(object);
      }
    });
    for (const node of [...this.#store.nodes.all()]) this.#enforce(node);
  }

  dispose(): void {
    this.#watch?.dispose();
  }

  #enforce(node: Node): void {
    if (node.Spec.Availability !== 'active') return;
    const violators = this.#violators(node);
    if (violators.length === 0) return;
    const Timestamp = this.#clock.timestamp();
    this.#store.update((transaction) => {
      for (const task of violators) {
        const Status = {
          ...task.Status,
          Timestamp,
          appliedAt: Timestamp,
          State: 'rejected',
          Message: 'task rejected by constraint enforcer',
          Err: 'assigned node no longer meets constraints',
        } as const;
        transaction.update('tasks', { ...task, Status });
      }
    });
  }

  /** Tasks are asked one after the other; those that may stay take their share of what the node has. */
  #violators(node: Node): Task[] {
    const resources = node.Description?.Resources;
    let cpu = resources?.NanoCPUs ?? 0;
    let memory = resources?.MemoryBytes ?? 0;
    const generic = new GenericPool();
    generic.setCapacity(resources?.GenericResources);
    return this.#store.tasksOfNode(node.ID).filter((task) => {
      if (!isBound(task)) return false;
      const service = this.#store.services.get(task.ServiceID);
      const placement = (service?.Spec.TaskTemplate ?? task.Spec).Placement;
      if (!nodeMatches(constraintsOf(placement), node)) return true;
      const wanted = reservationsOf(task.Spec);
      if (wanted.cpu > cpu || wanted.memory > memory || !generic.covers(wanted.generic)) return true;
      cpu -= wanted.cpu;
      memory -= wanted.memory;
      generic.hold(task.GenericResources);
      return false;
    });
  }
}

/** Whether the task is on its node to stay: assigned, meant to run, and not over. */
function isBound(task: Task): boolean {
  const wanted = compareStates(task.DesiredState, 'assigned') >= 0 && compareStates(task.DesiredState, 'complete') <= 0;
  return wanted && compareStates(task.Status.State, 'complete') < 0;
}
