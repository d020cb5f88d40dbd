import type { Clock, Disposable } from '../../clock/clock.ts';
import type { Task, TaskStatus } from '../../orchestrator/model/objects.ts';
import { compareStates } from '../../orchestrator/model/task-state.ts';
import type { TaskController } from './task-controller.ts';
import { stepTask } from './task-step.ts';

/** Milliseconds before a step that failed for the moment is tried again. */
const RETRY_AFTER = 1_000;

export interface TaskManagerOptions {
  /** As assigned, with the status that this node knows. */
  task: Task;
  controller: TaskController;
  clock: Clock;
  report: (task: Task, status: TaskStatus) => void;
}

/**
 * Drives one task, one step at a time, towards whatever the manager wants of it. A desired state only ever rises; when it does, the
 * step that is under way is cut short.
 */
export class TaskManager {
  readonly controller: TaskController;
  readonly #clock: Clock;
  readonly #report: TaskManagerOptions['report'];
  #task: Task;
  #step = new AbortController();
  #wake: () => void = () => {};
  #timer: Disposable | undefined;
  #closed = false;
  #ended: Promise<void>;

  constructor(options: TaskManagerOptions) {
    this.controller = options.controller;
    this.#clock = options.clock;
    this.#report = options.report;
    this.#task = options.task;
    this.#ended = this.#run();
  }

  get task(): Task {
    return this.#task;
  }

  /** Takes the task as the manager wants it now. Its status stays the one that this node knows. */
  update(task: Task): void {
    const rises = compareStates(task.DesiredState, this.#task.DesiredState);
    if (rises < 0) return;
    this.#task = { ...task, Status: this.#task.Status };
    if (rises > 0) this.#step.abort();
    this.#wake();
  }

  /** Stops driving the task; what runs goes on running. Resolves when the step that was under way has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#step.abort();
    this.#wake();
    await this.#ended;
    this.controller.close();
  }

  /** Closes it and removes everything it has on the node. */
  async remove(): Promise<void> {
    await this.close();
    await this.controller.remove();
  }

  async #run(): Promise<void> {
    while (!this.#closed) {
      this.#step = new AbortController();
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      const result = await stepTask(this.#task, {
        controller: this.controller,
        signal: this.#step.signal,
        timestamp: () => this.#clock.timestamp(),
      });
      if (this.#closed || result.kind === 'cancelled') continue;
      if (result.kind === 'parked') {
        await woken;
        continue;
      }
      this.#task = { ...this.#task, Status: result.status };
      if (!this.#goesOnAtOnce()) this.#report(this.#task, result.status);
      if (result.kind === 'retry') await this.#pause(woken);
    }
  }

  /** A task that is ready and wanted running starts in the same moment, sooner than a manager of Swarm would have stored it. */
  #goesOnAtOnce(): boolean {
    return this.#task.Status.State === 'ready' && compareStates(this.#task.DesiredState, 'ready') > 0;
  }

  async #pause(woken: Promise<void>): Promise<void> {
    const over = new Promise<void>((resolve) => {
      this.#timer = this.#clock.after(RETRY_AFTER, resolve);
    });
    await Promise.race([over, woken]);
    this.#timer?.dispose();
  }
}
