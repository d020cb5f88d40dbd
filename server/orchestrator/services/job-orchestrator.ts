import type { Disposable } from '../../clock/clock.ts';
import type { Service, Task } from '../model/objects.ts';
import { compareStates } from '../model/task-state.ts';
import type { StoreEvent, WriteTransaction } from '../store/store.ts';
import type { SwarmPart } from '../swarm-parts.ts';
import { hasEnded, raiseDesiredState, removeTasksOfService } from './desired-state.ts';
import { missingGlobalJobPlaces, unfitGlobalJobTasks } from './global-job.ts';
import { newTask } from './new-task.ts';
import { isInvalidNode } from './node-fitness.ts';
import type { OrchestratorContext } from './orchestrator-context.ts';
import { recoverTasks } from './recover-tasks.ts';
import { missingReplicatedJobPlaces } from './replicated-job.ts';
import { isJob, modeOf } from './service-mode.ts';

/**
 * Runs jobs: services whose tasks are to complete. Every update of the service is a new iteration; tasks of earlier ones are done away
 * with. Jobs are looked at when the service changes or one of its tasks ends, not when nodes come or go.
 */
export class JobOrchestrator implements SwarmPart {
  readonly #context: OrchestratorContext;
  #watch: Disposable | undefined;

  constructor(context: OrchestratorContext) {
    this.#context = context;
  }

  start(): void {
    const { store, restarts } = this.#context;
    this.#watch = store.watch((events) => this.#observe(events));
    const stranded: Task[] = [];
    recoverTasks(store, restarts, isJob, (task) => {
      if (!wantsToComplete(task) || task.NodeID === undefined) return;
      if (isInvalidNode(store.nodes.get(task.NodeID))) stranded.push(task);
    });
    if (stranded.length > 0)
      store.update((transaction) => {
        for (const task of stranded) restarts.restart(transaction, task);
      });
    for (const service of [...store.services.all()]) if (isJob(service)) this.#reconcile(service.ID);
  }

  dispose(): void {
    this.#watch?.dispose();
  }

  #observe(events: readonly StoreEvent[]): void {
    const { store, restarts } = this.#context;
    const toReconcile = new Set<string>();
    for (const event of events) {
      if (event.kind === 'services' && isJob(event.object)) {
        if (event.action !== 'remove') toReconcile.add(event.object.ID);
        else {
          removeTasksOfService(store, event.object);
          restarts.forgetService(event.object.ID);
        }
      } else if (event.kind === 'tasks' && event.action === 'update') {
        const task = event.object;
        if (task.JobIteration !== undefined && hasEnded(task) && wantsToComplete(task)) toReconcile.add(task.ServiceID);
      }
    }
    for (const id of toReconcile) this.#reconcile(id);
  }

  #reconcile(serviceId: string): void {
    const { store, restarts } = this.#context;
    const service = store.services.get(serviceId);
    if (service === undefined || !isJob(service)) return;
    const iteration = service.JobStatus?.JobIteration.Index ?? 0;
    const tasks = store.tasksOfService(serviceId);
    const current = tasks.filter((task) => task.JobIteration?.Index === iteration);
    store.update((transaction) => {
      for (const place of this.#missingPlaces(transaction, service, current)) {
        const { clock, newId } = this.#context;
        const options = { id: newId(), place, desiredState: 'complete', timestamp: clock.timestamp() } as const;
        transaction.create('tasks', newTask(transaction, service, options));
      }
      if (modeOf(service) === 'global-job')
        for (const task of unfitGlobalJobTasks(transaction, service, current))
          raiseDesiredState(transaction, task.ID, 'shutdown');
      for (const { ID } of current) {
        const task = transaction.tasks.get(ID);
        if (task !== undefined && wantsToComplete(task) && compareStates(task.Status.State, 'complete') > 0)
          restarts.restart(transaction, task);
      }
      for (const task of tasks) {
        if (task.JobIteration?.Index === iteration) continue;
        if (modeOf(service) === 'global-job' || !hasEnded(task)) raiseDesiredState(transaction, task.ID, 'remove');
      }
    });
  }

  #missingPlaces(transaction: WriteTransaction, service: Service, current: readonly Task[]) {
    return modeOf(service) === 'replicated-job'
      ? missingReplicatedJobPlaces(service, current)
      : missingGlobalJobPlaces(transaction, service, current);
  }
}

/** Whether the task is meant to complete, or to get there. */
function wantsToComplete(task: Task): boolean {
  return compareStates(task.DesiredState, 'complete') <= 0;
}
