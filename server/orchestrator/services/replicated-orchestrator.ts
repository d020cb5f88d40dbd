import type { Disposable } from '../../clock/clock.ts';
import type { Service, Task } from '../model/objects.ts';
import type { StoreEvent, WriteTransaction } from '../store/store.ts';
import type { SwarmPart } from '../swarm-parts.ts';
import { hasEnded, raiseDesiredState, removeTasksOfService, wantsToRun } from './desired-state.ts';
import { newTask } from './new-task.ts';
import { isInvalidNode } from './node-fitness.ts';
import type { OrchestratorContext } from './orchestrator-context.ts';
import { recoverTasks } from './recover-tasks.ts';
import { modeOf } from './service-mode.ts';
import { rankSurvivors, type Slot, takeCensus } from './slots.ts';

/**
 * Keeps replicated services at their number of replicas: makes tasks for missing slots, takes away surplus ones, has ended tasks and
 * tasks on nodes that cannot keep them restarted, and hands slots of an older spec to the updater.
 */
export class ReplicatedOrchestrator implements SwarmPart {
  readonly #context: OrchestratorContext;
  #watch: Disposable | undefined;
  #askedAgain: Disposable | undefined;

  constructor(context: OrchestratorContext) {
    this.#context = context;
  }

  start(): void {
    const { store, restarts, updates } = this.#context;
    this.#watch = store.watch((events) => this.#observe(events));
    this.#askedAgain = updates.onAskedAgain((service) => {
      if (isReplicated(service)) this.#reconcile(service.ID);
    });
    const toRestart = new Set<string>();
    recoverTasks(store, restarts, isReplicated, (task) => {
      if (this.#hasToGo(task)) toRestart.add(task.ID);
    });
    this.#restart(toRestart);
    for (const service of [...store.services.all()]) if (isReplicated(service)) this.#reconcile(service.ID);
  }

  dispose(): void {
    this.#watch?.dispose();
    this.#askedAgain?.dispose();
  }

  /** One committed transaction: first single tasks are restarted, then services are counted. */
  #observe(events: readonly StoreEvent[]): void {
    const { store, restarts } = this.#context;
    const toRestart = new Set<string>();
    const toReconcile = new Set<string>();
    for (const event of events) {
      if (event.kind === 'services') {
        if (!isReplicated(event.object)) continue;
        if (event.action !== 'remove') toReconcile.add(event.object.ID);
        else {
          removeTasksOfService(store, event.object);
          restarts.forgetService(event.object.ID);
        }
      } else if (event.kind === 'nodes') {
        if (event.action !== 'remove' && !isInvalidNode(event.object)) continue;
        for (const task of store.tasksOfNode(event.object.ID)) if (wantsToRun(task)) toRestart.add(task.ID);
      } else if (event.kind === 'tasks') {
        if (event.action === 'remove') {
          if (wantsToRun(event.object)) toReconcile.add(event.object.ServiceID);
        } else if (this.#hasToGo(event.object)) toRestart.add(event.object.ID);
      }
    }
    this.#restart(toRestart);
    for (const id of toReconcile) this.#reconcile(id);
  }

  /** Whether a task that is meant to run has ended, or is on a node where it cannot stay. */
  #hasToGo(task: Task): boolean {
    if (task.ServiceID === '' || !wantsToRun(task)) return false;
    return hasEnded(task) || (task.NodeID !== undefined && isInvalidNode(this.#context.store.nodes.get(task.NodeID)));
  }

  #restart(taskIds: ReadonlySet<string>): void {
    if (taskIds.size === 0) return;
    this.#context.store.update((transaction) => {
      for (const id of taskIds) {
        const task = transaction.tasks.get(id);
        const service = transaction.services.get(task?.ServiceID ?? '');
        if (task === undefined || service === undefined || !isReplicated(service) || !wantsToRun(task)) continue;
        this.#context.restarts.restart(transaction, task);
      }
    });
  }

  #reconcile(serviceId: string): void {
    const { store, restarts, updates } = this.#context;
    const service = store.services.get(serviceId);
    if (service === undefined || !isReplicated(service)) return;
    const desired = service.Spec.Mode.Replicated?.Replicas ?? 1;
    const { running, dead } = takeCensus(store.tasksOfService(serviceId), service, restarts);
    if (desired >= running.length) {
      updates.update(service, running);
      const missing = desired - running.length;
      if (missing === 0 && dead.length === 0) return;
      store.update((transaction) => {
        const filled = this.#fill(transaction, service, running, missing);
        removeTasks(
          transaction,
          dead.filter((slot) => !filled.has(slot.number)),
        );
      });
      return;
    }
    const ranked = rankSurvivors(running);
    updates.update(service, ranked.slice(0, desired));
    store.update((transaction) => {
      removeTasks(transaction, dead);
      for (const slot of ranked.slice(desired))
        for (const task of slot.tasks) raiseDesiredState(transaction, task.ID, 'remove');
    });
  }

  /** Makes a task for each of the lowest `missing` slots that do not run; returns their numbers. */
  #fill(transaction: WriteTransaction, service: Service, running: readonly Slot[], missing: number): Set<number> {
    const { clock, newId } = this.#context;
    const taken = new Set(running.map((slot) => slot.number));
    const filled = new Set<number>();
    const timestamp = clock.timestamp();
    for (let slot = 1; filled.size < missing; slot++) {
      if (taken.has(slot)) continue;
      filled.add(slot);
      const options = { id: newId(), place: { slot }, desiredState: 'running', timestamp } as const;
      transaction.create('tasks', newTask(transaction, service, options));
    }
    return filled;
  }
}

function isReplicated(service: Service): boolean {
  return modeOf(service) === 'replicated';
}

function removeTasks(transaction: WriteTransaction, slots: readonly Slot[]): void {
  for (const slot of slots) for (const task of slot.tasks) transaction.remove('tasks', task.ID);
}
