import type { Disposable } from '../../clock/clock.ts';
import { constraintsOf, nodeMatches } from '../constraints/constraint.ts';
import type { Node, Service, Task } from '../model/objects.ts';
import type { StoreEvent, WriteTransaction } from '../store/store.ts';
import type { SwarmPart } from '../swarm-parts.ts';
import type { UpdatableSlot } from '../updater/updater.ts';
import { hasEnded, raiseDesiredState, removeTasksOfService, wantsToRun } from './desired-state.ts';
import { newTask } from './new-task.ts';
import { isInvalidNode } from './node-fitness.ts';
import type { OrchestratorContext } from './orchestrator-context.ts';
import { recoverTasks } from './recover-tasks.ts';
import { modeOf } from './service-mode.ts';
import { isTaskDirty } from './task-dirty.ts';

/**
 * Keeps one task of every global service on every node that can have one: nodes that are neither down nor drained and meet the
 * constraints. Paused nodes keep what they have. Whether a node is otherwise fit is the scheduler's to say.
 */
export class GlobalOrchestrator implements SwarmPart {
  readonly #context: OrchestratorContext;
  readonly #services = new Map<string, Service>();
  #watch: Disposable | undefined;
  #askedAgain: Disposable | undefined;

  constructor(context: OrchestratorContext) {
    this.#context = context;
  }

  start(): void {
    const { store, restarts, updates } = this.#context;
    this.#watch = store.watch((events) => this.#observe(events));
    this.#askedAgain = updates.onAskedAgain((service) => {
      if (isGlobal(service)) this.#reconcileService(service.ID);
    });
    for (const service of store.services.all()) if (isGlobal(service)) this.#services.set(service.ID, service);
    const toRestart = new Set<string>();
    const toStop: Task[] = [];
    recoverTasks(store, restarts, isGlobal, (task) => {
      if (!wantsToRun(task)) return;
      if (isInvalidNode(store.nodes.get(task.NodeID ?? ''))) toStop.push(task);
      else if (hasEnded(task)) toRestart.add(task.ID);
    });
    this.#stop(toStop);
    this.#restart(toRestart);
    for (const id of [...this.#services.keys()]) this.#reconcileService(id);
  }

  dispose(): void {
    this.#watch?.dispose();
    this.#askedAgain?.dispose();
  }

  #observe(events: readonly StoreEvent[]): void {
    const toRestart = new Set<string>();
    for (const event of events) {
      if (event.kind === 'services') {
        if (!isGlobal(event.object)) continue;
        if (event.action === 'remove') this.#forgetService(event.object);
        else {
          this.#services.set(event.object.ID, event.object);
          this.#reconcileService(event.object.ID);
        }
      } else if (event.kind === 'nodes') {
        if (event.action === 'remove') this.#deleteTasksOf(event.object);
        else if (event.action === 'create' || concernsTasks(event.old, event.object)) this.#reconcileNode(event.object);
      } else if (event.kind === 'tasks' && event.action === 'update') {
        const task = event.object;
        if (this.#services.has(task.ServiceID) && wantsToRun(task) && hasEnded(task)) toRestart.add(task.ID);
      }
    }
    this.#restart(toRestart);
  }

  #forgetService(service: Service): void {
    removeTasksOfService(this.#context.store, service);
    this.#services.delete(service.ID);
    this.#context.restarts.forgetService(service.ID);
  }

  /** A service is new or has changed: every node gets its task, what is there goes through the updater. */
  #reconcileService(serviceId: string): void {
    const { store, restarts, updates } = this.#context;
    const service = store.services.get(serviceId);
    if (service === undefined) return;
    const constraints = constraintsOf(service.Spec.TaskTemplate.Placement);
    const tasksByNode = new Map<string, Task[]>();
    for (const task of store.tasksOfService(serviceId)) {
      const nodeId = task.NodeID ?? '';
      const others = tasksByNode.get(nodeId);
      if (others === undefined) tasksByNode.set(nodeId, [task]);
      else others.push(task);
    }
    const toUpdate: UpdatableSlot[] = [];
    store.update((transaction) => {
      for (const node of transaction.nodes.all()) {
        if (isInvalidNode(node)) continue;
        const tasks = restarts.updatableTasks(tasksByNode.get(node.ID) ?? [], service);
        tasksByNode.delete(node.ID);
        if (!nodeMatches(constraints, node)) shutDown(transaction, tasks);
        else if (node.Spec.Availability === 'pause') continue;
        else if (tasks.length === 0) this.#addTask(transaction, service, node);
        else toUpdate.push({ tasks });
      }
      for (const tasks of tasksByNode.values()) shutDown(transaction, tasks);
    });
    if (toUpdate.length > 0) updates.update(service, toUpdate);
  }

  /** A node has come, gone or changed: its tasks are put right at once, which is no rolling update. */
  #reconcileNode(node: Node): void {
    const { store } = this.#context;
    if (this.#services.size === 0) return;
    const tasks = store.tasksOfNode(node.ID).filter((task) => this.#services.has(task.ServiceID));
    if (isInvalidNode(node)) {
      this.#stop(tasks.filter(wantsToRun));
      return;
    }
    if (node.Spec.Availability === 'pause') return;
    store.update((transaction) => {
      for (const { ID } of this.#services.values()) {
        const service = transaction.services.get(ID);
        if (service === undefined) continue;
        if (!nodeMatches(constraintsOf(service.Spec.TaskTemplate.Placement), node)) continue;
        const own = tasks.filter((task) => task.ServiceID === ID);
        const current = this.#context.restarts.updatableTasks(own, service);
        const clean = current.filter((task) => !isTaskDirty(service, task, node));
        const dirty = current.filter((task) => !clean.includes(task));
        if (clean.length === 0) this.#addTask(transaction, service, node);
        shutDown(transaction, [...dirty, ...clean.slice(1)]);
      }
    });
  }

  /** Restarts ended tasks, except where there is no place for them (any more). */
  #restart(taskIds: ReadonlySet<string>): void {
    if (taskIds.size === 0) return;
    const { store, restarts } = this.#context;
    store.update((transaction) => {
      for (const id of taskIds) {
        const task = transaction.tasks.get(id);
        const service = transaction.services.get(task?.ServiceID ?? '');
        const node = transaction.nodes.get(task?.NodeID ?? '');
        if (task === undefined || service === undefined || node === undefined || !wantsToRun(task)) continue;
        if (isInvalidNode(node)) continue;
        const constraints = constraintsOf(service.Spec.TaskTemplate.Placement);
        if (node.Spec.Availability === 'pause' || !nodeMatches(constraints, node)) shutDown(transaction, [task]);
        else restarts.restart(transaction, task);
      }
    });
  }

  #deleteTasksOf(node: Node): void {
    const { store } = this.#context;
    const tasks = store.tasksOfNode(node.ID).filter((task) => this.#services.has(task.ServiceID));
    if (tasks.length === 0) return;
    store.update((transaction) => {
      for (const task of tasks) transaction.remove('tasks', task.ID);
    });
  }

  #stop(tasks: readonly Task[]): void {
    if (tasks.length > 0) this.#context.store.update((transaction) => shutDown(transaction, tasks));
  }

  #addTask(transaction: WriteTransaction, service: Service, node: Node): void {
    const { clock, newId } = this.#context;
    const place = { nodeId: node.ID };
    const options = { id: newId(), place, desiredState: 'running', timestamp: clock.timestamp() } as const;
    transaction.create('tasks', newTask(transaction, service, options));
  }
}

function isGlobal(service: Service): boolean {
  return modeOf(service) === 'global';
}

function shutDown(transaction: WriteTransaction, tasks: readonly Task[]): void {
  for (const task of tasks) raiseDesiredState(transaction, task.ID, 'shutdown');
}

/** Whether a change of a node can matter to global services: its network addresses, for one, cannot. */
function concernsTasks(old: Node, node: Node): boolean {
  return (
    old.Spec !== node.Spec ||
    old.role !== node.role ||
    old.Description !== node.Description ||
    old.Status.State !== node.Status.State ||
    old.Status.Addr !== node.Status.Addr
  );
}
