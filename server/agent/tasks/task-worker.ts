import type { Clock } from '../../clock/clock.ts';
import type { Engine } from '../../engine/engine.ts';
import type { Assignments } from '../../orchestrator/dispatcher/protocol.ts';
import type { Task, TaskStatus } from '../../orchestrator/model/objects.ts';
import { compareStates, isTerminal } from '../../orchestrator/model/task-state.ts';
import type { NodeNetwork } from '../node-network.ts';
import { AttachmentController } from './attachment-controller.ts';
import { ContainerController } from './container-controller.ts';
import type { ContainerEvents } from './container-events.ts';
import { TASK_ID_LABEL, taskOfContainer } from './container-name.ts';
import { Dependencies } from './dependencies.ts';
import type { LocalNode } from './expand-spec.ts';
import { ImagePuller } from './image-puller.ts';
import { Limiter } from './limiter.ts';
import type { TaskController } from './task-controller.ts';
import type { TaskFiles } from './task-files.ts';
import type { TaskJournal } from './task-journal.ts';
import { TaskManager } from './task-manager.ts';

/** Containers that are created or started at the same time: more only wait for each other inside the engine. */
const PARALLEL_STARTS = 6;

export interface TaskWorkerOptions {
  engine: Engine;
  network: NodeNetwork;
  clock: Clock;
  files: TaskFiles;
  journal: TaskJournal;
  events: ContainerEvents;
  log: (message: string) => void;
  /** Hears of every change of a task's status. */
  report: (taskId: string, status: TaskStatus) => void;
  /** Hears of every task that comes to this node. */
  assigned: (manager: TaskManager) => void;
}

/**
 * Everything this node has been assigned: takes the manager's assignments, drives each task, and makes what lies on the engine agree
 * with them. Containers that are there already, from before the agent or the session, are taken over and never made twice.
 */
export class TaskWorker {
  readonly #options: TaskWorkerOptions;
  readonly #managers = new Map<string, TaskManager>();
  readonly #dependencies = new Dependencies();
  readonly #puller: ImagePuller;
  readonly #starts = new Limiter(PARALLEL_STARTS);
  /** What an earlier agent knew of its tasks, until each is assigned again or turns out not to be. */
  #remembered: Map<string, TaskStatus> | undefined;
  /** Assignments are taken one after the other, though taking over an engine's containers needs answers from it. */
  #queue: Promise<void> = Promise.resolve();

  constructor(options: TaskWorkerOptions) {
    this.#options = options;
    this.#puller = new ImagePuller(options.engine, options.log);
  }

  /** Every task that is on this node now. */
  managers(): Iterable<TaskManager> {
    return this.#managers.values();
  }

  /** What the manager has to be told anew when a session begins. */
  statuses(): { taskId: string; status: TaskStatus }[] {
    return [...this.#managers.values()].map(({ task }) => ({ taskId: task.ID, status: task.Status }));
  }

  /** Takes assignments. Everything that a complete set does not name is removed from this node. */
  assign(changes: Assignments, mode: 'complete' | 'incremental', node: LocalNode): Promise<void> {
    return this.#enqueue(async () => {
      this.#remembered ??= await this.#options.journal.load();
      this.#dependencies.apply(changes, mode);
      for (const task of changes.tasks) this.#take(task, node);
      for (const taskId of changes.removedTasks) this.#remove(taskId);
      if (mode === 'complete') await this.#removeAllBut(new Set(changes.tasks.map((task) => task.ID)));
    });
  }

  /** The node is in no swarm any more: every task goes. */
  leave(): Promise<void> {
    return this.#enqueue(async () => {
      this.#remembered ??= await this.#options.journal.load();
      this.#dependencies.clear();
      await this.#removeAllBut(new Set());
    });
  }

  /** Stops driving the tasks; their containers go on running, for the next agent. */
  async close(): Promise<void> {
    await Promise.all([...this.#managers.values()].map((manager) => manager.close()));
  }

  #enqueue(work: () => Promise<void>): Promise<void> {
    const done = this.#queue.then(work);
    this.#queue = done.catch((error: unknown) => {
      this.#options.log(`assignments: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    });
    return this.#queue;
  }

  #take(assigned: Task, node: LocalNode): void {
    const known = this.#managers.get(assigned.ID);
    if (known !== undefined) {
      known.update(assigned);
      return;
    }
    const remembered = this.#remembered?.get(assigned.ID);
    this.#remembered?.delete(assigned.ID);
    const isNewer = remembered !== undefined && compareStates(remembered.State, assigned.Status.State) > 0;
    const task = isNewer ? { ...assigned, Status: remembered } : assigned;
    if (isNewer) this.#options.report(task.ID, remembered);
    this.#begin(task, node);
  }

  #begin(task: Task, node: LocalNode): void {
    const { clock, journal, report } = this.#options;
    const tell = (status: TaskStatus) => {
      // Whatever is not at an end yet, the engine can tell again.
      if (isTerminal(status.State)) journal.save(task.ID, status);
      report(task.ID, status);
    };
    let controller: TaskController;
    try {
      controller = this.#controller(task, node);
    } catch (error) {
      const status = unresolved(task.Status, clock.timestamp(), error);
      if (status !== undefined) tell(status);
      return;
    }
    const manager = new TaskManager({ task, controller, clock, report: (_, status) => tell(status) });
    this.#managers.set(task.ID, manager);
    this.#options.assigned(manager);
  }

  #controller(task: Task, node: LocalNode): TaskController {
    if (task.Spec.NetworkAttachmentSpec !== undefined) return new AttachmentController(task);
    const { engine, network, clock, files, events, log } = this.#options;
    return new ContainerController(task, {
      ...{ engine, network, clock, files, events, log, node },
      dependencies: this.#dependencies,
      puller: this.#puller,
      starts: this.#starts,
    });
  }

  #remove(taskId: string): void {
    const manager = this.#managers.get(taskId);
    this.#managers.delete(taskId);
    this.#remembered?.delete(taskId);
    if (manager === undefined) {
      this.#options.journal.remove(taskId);
      return;
    }
    // In its own time: stopping may take as long as the container is given, and other tasks do not wait for that.
    manager
      .remove()
      .catch((error: unknown) => this.#options.log(`removing task ${taskId}: ${String(error)}`))
      .finally(() => this.#options.journal.remove(taskId));
  }

  async #removeAllBut(wanted: ReadonlySet<string>): Promise<void> {
    const { engine, log, files } = this.#options;
    for (const taskId of [...this.#managers.keys()]) if (!wanted.has(taskId)) this.#remove(taskId);
    for (const taskId of this.#remembered?.keys() ?? []) if (!wanted.has(taskId)) this.#options.journal.remove(taskId);
    this.#remembered = new Map();
    for (const container of await engine.listContainers({ all: true, labels: [TASK_ID_LABEL] })) {
      const taskId = taskOfContainer(container);
      if (taskId === undefined || wanted.has(taskId) || this.#managers.has(taskId)) continue;
      // Its task was deleted while the agent was away, so there is nobody left who knows how it wants to be stopped.
      engine
        .stopContainer(container.Id)
        .then(() => engine.removeContainer(container.Id, { force: true, volumes: true }))
        .then(() => files.remove(taskId))
        .catch((error: unknown) => log(`removing container ${container.Id}: ${String(error)}`));
    }
  }
}

/** What becomes of a task that this node cannot even begin with. */
function unresolved(status: TaskStatus, timestamp: string, error: unknown): TaskStatus | undefined {
  if (compareStates(status.State, 'running') > 0) return undefined;
  return {
    ...status,
    Timestamp: timestamp,
    State: compareStates(status.State, 'starting') < 0 ? 'rejected' : 'failed',
    Message: 'resolving controller failed',
    Err: error instanceof Error ? error.message : String(error),
  };
}
