import type { Task } from '../model/objects.ts';
import { compareStates } from '../model/task-state.ts';
import { hasEnded } from '../services/desired-state.ts';
import type { ReadView } from '../store/store.ts';
import type { Assignments } from './protocol.ts';

type Change = 'put' | 'remove';

/** Secrets or configs that tasks of the node use, by the tasks that use them. */
class Dependencies {
  readonly changes = new Map<string, Change>();
  readonly #users = new Map<string, Set<string>>();

  use(id: string, taskId: string): void {
    let users = this.#users.get(id);
    if (users === undefined) {
      users = new Set();
      this.#users.set(id, users);
      this.changes.set(id, 'put');
    }
    users.add(taskId);
  }

  release(id: string, taskId: string): void {
    const users = this.#users.get(id);
    if (!users?.delete(taskId) || users.size > 0) return;
    this.#users.delete(id);
    this.changes.set(id, 'remove');
  }
}

/** What one node has been assigned, and what of it its agent has not been told yet. */
export class AssignmentSet {
  readonly #store: ReadView;
  readonly #tasks = new Map<string, Task>();
  readonly #changes = new Map<string, Change>();
  readonly #secrets = new Dependencies();
  readonly #configs = new Dependencies();

  constructor(store: ReadView) {
    this.#store = store;
  }

  /** How many things have changed since the agent was told last. */
  get pending(): number {
    return this.#changes.size + this.#secrets.changes.size + this.#configs.changes.size;
  }

  /**
   * Takes in a task as it is now; returns whether the agent has to be told of something. What only the agent itself reported is no news
   * to it, except that an ended task does not need its secrets and configs any more.
   */
  put(task: Task): boolean {
    if (compareStates(task.Status.State, 'assigned') < 0) return false;
    const before = this.pending;
    const known = this.#tasks.get(task.ID);
    this.#tasks.set(task.ID, task);
    if (hasEnded(task)) this.#releaseDependencies(task);
    else if (known === undefined) this.#useDependencies(task);
    const reportedOnly = known !== undefined && compareStates(task.Status.State, 'assigned') > 0;
    if (!reportedOnly || !sameButStatus(known, task)) this.#changes.set(task.ID, 'put');
    return this.pending > before;
  }

  /** Takes out a deleted task; returns whether the agent has to be told. */
  remove(task: Task): boolean {
    if (!this.#tasks.delete(task.ID)) return false;
    this.#changes.set(task.ID, 'remove');
    this.#releaseDependencies(task);
    return true;
  }

  /** The changes that the agent has not been told of, which thereby count as told. */
  take(): Assignments {
    const [tasks, removedTasks] = split(this.#changes, (id) => this.#tasks.get(id));
    const [secrets, removedSecrets] = split(this.#secrets.changes, (id) => this.#store.secrets.get(id));
    const [configs, removedConfigs] = split(this.#configs.changes, (id) => this.#store.configs.get(id));
    return { tasks, secrets, configs, removedTasks, removedSecrets, removedConfigs };
  }

  #useDependencies(task: Task): void {
    const { Secrets: secrets, Configs: configs } = task.Spec.ContainerSpec ?? {};
    for (const { SecretID } of secrets ?? []) this.#secrets.use(SecretID, task.ID);
    for (const { ConfigID } of configs ?? []) this.#configs.use(ConfigID, task.ID);
  }

  #releaseDependencies(task: Task): void {
    const { Secrets: secrets, Configs: configs } = task.Spec.ContainerSpec ?? {};
    for (const { SecretID } of secrets ?? []) this.#secrets.release(SecretID, task.ID);
    for (const { ConfigID } of configs ?? []) this.#configs.release(ConfigID, task.ID);
  }
}

/** Takes the changes apart and forgets them; an object that is gone from the store is left out. */
function split<T>(changes: Map<string, Change>, get: (id: string) => T | undefined): [T[], string[]] {
  const put: T[] = [];
  const removed: string[] = [];
  for (const [id, change] of changes) {
    const object = change === 'put' ? get(id) : undefined;
    if (object !== undefined) put.push(object);
    else if (change === 'remove') removed.push(id);
  }
  changes.clear();
  return [put, removed];
}

/** Objects are immutable, so a part that is the same object has not changed. */
function sameButStatus(a: Task, b: Task): boolean {
  return (
    a.DesiredState === b.DesiredState &&
    a.Spec === b.Spec &&
    a.attachments === b.attachments &&
    a.endpoint === b.endpoint &&
    a.GenericResources === b.GenericResources
  );
}
