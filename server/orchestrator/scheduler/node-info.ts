import type { Node, Task } from '../model/objects.ts';
import type { GenericResource, PortConfig, TaskSpec } from '../model/specs.ts';
import { compareStates } from '../model/task-state.ts';
import { GenericPool } from './generic-resources.ts';

/** Whether a task counts as one of its node's when nodes are compared. */
function isActive(task: Task): boolean {
  return compareStates(task.DesiredState, 'complete') <= 0;
}

/** Ports that the task's container publishes on its own node, under numbers that are known beforehand. */
export function hostPorts(task: Task): PortConfig[] {
  const ports = task.endpoint?.Ports ?? task.endpoint?.Spec?.Ports;
  if (ports === undefined) return [];
  return ports.filter((port) => port.PublishMode === 'host' && (port.PublishedPort ?? 0) !== 0);
}

/** What a task reserves on its node; limits do not count. */
export function reservationsOf(spec: TaskSpec): { cpu: number; memory: number; generic: readonly GenericResource[] } {
  const reservations = spec.Resources?.Reservations;
  return {
    cpu: reservations?.NanoCPUs ?? 0,
    memory: reservations?.MemoryBytes ?? 0,
    generic: reservations?.GenericResources ?? [],
  };
}

/** A node as the scheduler knows it: the tasks on it and what they leave free, kept up to date task by task. */
export class NodeInfo {
  node: Node;
  readonly generic = new GenericPool();
  readonly #tasks = new Map<string, Task>();
  readonly #activeByService = new Map<string, number>();
  readonly #usedPorts = new Map<string, number>();
  #active = 0;
  #cpu = 0;
  #memory = 0;

  constructor(node: Node) {
    this.node = node;
    this.update(node);
  }

  get id(): string {
    return this.node.ID;
  }

  /** Active tasks of all services. */
  get totalTasks(): number {
    return this.#active;
  }

  get isReady(): boolean {
    return this.node.Status.State === 'ready' && this.node.Spec.Availability === 'active';
  }

  /** Active tasks of one service. */
  serviceTasks(serviceId: string): number {
    return this.#activeByService.get(serviceId) ?? 0;
  }

  freeCpu(): number {
    return (this.node.Description?.Resources.NanoCPUs ?? 0) - this.#cpu;
  }

  freeMemory(): number {
    return (this.node.Description?.Resources.MemoryBytes ?? 0) - this.#memory;
  }

  usesPort(port: PortConfig): boolean {
    return this.#usedPorts.has(portKey(port));
  }

  has(taskId: string): boolean {
    return this.#tasks.has(taskId);
  }

  update(node: Node): void {
    this.node = node;
    this.generic.setCapacity(node.Description?.Resources.GenericResources);
  }

  /** Counts a task in, or notes what became of one that is counted already. */
  add(task: Task): void {
    const known = this.#tasks.get(task.ID);
    this.#tasks.set(task.ID, task);
    if (known === undefined) this.#occupy(task, 1);
    const change = Number(isActive(task)) - Number(known !== undefined && isActive(known));
    if (change !== 0) this.#countActive(task.ServiceID, change);
  }

  /** Counts a task out; one that is not counted is left alone. */
  remove(taskId: string): void {
    const known = this.#tasks.get(taskId);
    if (known === undefined) return;
    this.#tasks.delete(taskId);
    this.#occupy(known, -1);
    if (isActive(known)) this.#countActive(known.ServiceID, -1);
  }

  #countActive(serviceId: string, change: number): void {
    this.#active += change;
    const count = this.serviceTasks(serviceId) + change;
    if (count === 0) this.#activeByService.delete(serviceId);
    else this.#activeByService.set(serviceId, count);
  }

  #occupy(task: Task, sign: 1 | -1): void {
    if (task.Spec.Resources !== undefined) {
      const { cpu, memory } = reservationsOf(task.Spec);
      this.#cpu += sign * cpu;
      this.#memory += sign * memory;
    }
    if (sign > 0) this.generic.hold(task.GenericResources);
    else this.generic.release(task.GenericResources);
    for (const port of hostPorts(task)) {
      const key = portKey(port);
      const users = (this.#usedPorts.get(key) ?? 0) + sign;
      if (users === 0) this.#usedPorts.delete(key);
      else this.#usedPorts.set(key, users);
    }
  }
}

function portKey(port: PortConfig): string {
  return `${port.Protocol}/${port.PublishedPort ?? 0}`;
}
