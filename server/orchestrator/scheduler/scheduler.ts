import type { Clock, Disposable } from '../../clock/clock.ts';
import { Debouncer } from '../../clock/debouncer.ts';
import type { NodeVerdict } from '../api/explain.ts';
import type { Task } from '../model/objects.ts';
import { compareStates } from '../model/task-state.ts';
import { hasEnded } from '../services/desired-state.ts';
import type { Store, StoreEvent } from '../store/store.ts';
import type { SchedulerPart } from '../swarm-parts.ts';
import type { NetworkDrivers } from './filters.ts';
import { type NodeInfo, reservationsOf } from './node-info.ts';
import { groupKey, type NodeQuery, NodeSet } from './node-set.ts';
import { Pipeline } from './pipeline.ts';
import { assignToNodes, type TaskGroup, WaitingTasks } from './placement.ts';
import { PlacementMemory, REMEMBERED_NODES } from './placement-memory.ts';
import { assignBySpread, spreadLabels } from './spread-tree.ts';

/** Milliseconds after the last change before tasks are placed, and how long changes can put that off. */
const DEBOUNCE = { quiet: 50, longest: 1_000 };

/**
 * Gives tasks their nodes. It looks at tasks from PENDING to RUNNING: those without a node are placed in groups of one service and
 * spec version, those that come with one (global services) are checked against it, and the others count as what their nodes carry.
 */
export class Scheduler implements SchedulerPart {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #nodes = new NodeSet();
  readonly #unassigned = new Map<string, Task>();
  readonly #preassigned = new Map<string, Task>();
  readonly #memory = new PlacementMemory();
  readonly #debouncer: Debouncer;
  readonly #drivers: NetworkDrivers = (networkId) => this.#store.networks.get(networkId)?.Spec.Driver;
  #watch: Disposable | undefined;
  #tickRequired = false;

  constructor(options: { store: Store; clock: Clock }) {
    this.#store = options.store;
    this.#clock = options.clock;
    this.#debouncer = new Debouncer(this.#clock, DEBOUNCE, () => this.#schedule());
  }

  start(): void {
    const nodes = [...this.#store.nodes.all()];
    nodes.sort((a, b) => (a.CreatedAt < b.CreatedAt || (a.CreatedAt === b.CreatedAt && a.ID < b.ID) ? -1 : 1));
    for (const node of nodes) this.#nodes.put(node);
    for (const task of this.#store.tasks.all()) {
      const neverToRun = task.Status.State === 'pending' && compareStates(task.DesiredState, 'complete') > 0;
      if (!neverToRun) this.#observeTask(task);
    }
    this.#watch = this.#store.watch((events) => this.#observe(events));
    this.#tickRequired = true;
    this.#schedule();
  }

  dispose(): void {
    this.#watch?.dispose();
    this.#debouncer.dispose();
  }

  /**
   * What the scheduler thought of the nodes when it placed the task, if it still knows, and else what it thinks of them now: nodes that
   * can take it first, best one first. Of large clusters only the best nodes are remembered.
   */
  verdicts(taskId: string): NodeVerdict[] {
    const task = this.#store.tasks.get(taskId);
    const remembered = this.#memory.recall(taskId);
    if (remembered !== undefined) return [...remembered];
    if (task === undefined) return [];
    return this.#judge(this.#query(task), new Pipeline(task, this.#drivers), Number.POSITIVE_INFINITY);
  }

  #observe(events: readonly StoreEvent[]): void {
    for (const event of events) {
      if (event.kind === 'nodes') {
        if (event.action === 'remove') this.#nodes.remove(event.object.ID);
        else {
          if (this.#nodes.put(event.object)) this.#countTasksOf(event.object.ID);
          this.#tickRequired = true;
        }
      } else if (event.kind === 'tasks') {
        if (event.action === 'remove') {
          this.#forget(event.object);
          this.#memory.forget(event.object.ID);
        } else this.#observeTask(event.object, event.action === 'update' ? event.old : undefined);
      }
    }
    if (this.#tickRequired || this.#preassigned.size > 0) this.#debouncer.trigger();
  }

  #observeTask(task: Task, old?: Task): void {
    if (compareStates(task.Status.State, 'pending') < 0) return;
    if (hasEnded(task)) {
      if (old !== undefined && !hasEnded(old)) this.#observeEnd(task);
    } else if (task.NodeID === undefined) {
      if (this.#unassigned.get(task.ID) === task) return;
      this.#unassigned.set(task.ID, task);
      this.#tickRequired = true;
    } else if (task.Status.State === 'pending') {
      this.#preassigned.set(task.ID, task);
    } else {
      this.#unassigned.delete(task.ID);
      this.#preassigned.delete(task.ID);
      const info = this.#nodes.get(task.NodeID);
      if (info !== undefined) this.#nodes.addTask(info, task);
    }
  }

  /** A task ended: what it held is free, and a failure is held against the node, unless the node was not the scheduler's choice. */
  #observeEnd(task: Task): void {
    const failed = task.Status.State === 'failed' || task.Status.State === 'rejected';
    const chosen = !task.global && task.ServiceID !== '';
    if (failed && chosen && task.NodeID !== undefined)
      this.#nodes.failures.record(groupKey(task), task.NodeID, this.#clock.now());
    this.#forget(task);
  }

  #forget(task: Task): void {
    this.#unassigned.delete(task.ID);
    this.#preassigned.delete(task.ID);
    const info = this.#nodes.get(task.NodeID ?? '');
    if (info !== undefined) this.#nodes.removeTask(info, task);
    this.#tickRequired = true;
  }

  /** A node that comes (back) may already have tasks in the store. */
  #countTasksOf(nodeId: string): void {
    for (const task of this.#store.tasksOfNode(nodeId)) this.#observeTask(task);
  }

  #schedule(): void {
    const decisions = new Map<Task, Task>();
    for (const task of this.#preassigned.values()) this.#confirm(task, decisions);
    if (this.#tickRequired) {
      this.#tickRequired = false;
      for (const tasks of this.#groups()) this.#place(tasks, decisions);
    }
    this.#commit(decisions);
  }

  #groups(): Iterable<Task[]> {
    const groups = new Map<string, Task[]>();
    for (const task of this.#unassigned.values()) {
      const key = groupKey(task);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [task]);
      else group.push(task);
    }
    return groups.values();
  }

  /** Checks a task that comes with its node. */
  #confirm(task: Task, decisions: Map<Task, Task>): void {
    const info = this.#nodes.get(task.NodeID ?? '');
    if (info === undefined) return;
    const pipeline = new Pipeline(task, this.#drivers);
    if (pipeline.process(info)) {
      const message = 'scheduler confirmed task can run on preassigned node';
      this.#assign(task, info, message, decisions);
    } else {
      const Status = { ...task.Status, Timestamp: this.#clock.timestamp(), Err: pipeline.explain() };
      decisions.set(task, { ...task, Status });
    }
  }

  /** Places as many tasks of a group as there is room for. */
  #place(tasks: readonly Task[], decisions: Map<Task, Task>): void {
    const [model] = tasks;
    if (model === undefined) return;
    const query = this.#query(model);
    const pipeline = new Pipeline(model, this.#drivers);
    const verdicts = this.#judge(query, pipeline, REMEMBERED_NODES);
    const group: TaskGroup = {
      waiting: new WaitingTasks(tasks),
      pipeline,
      order: this.#nodes.order(query),
      assign: (task, info) => {
        this.#assign(task, info, 'scheduler assigned task to node', decisions);
        this.#memory.remember(task.ID, verdicts);
      },
    };
    const labels = spreadLabels(model.Spec.Placement);
    if (labels.length === 0) assignToNodes(group, this.#best(query, pipeline, tasks.length), tasks.length);
    else {
      for (const info of this.#nodes.others(query)) pipeline.process(info);
      assignBySpread(group, model.ServiceID, labels, this.#nodes.candidates(query));
    }
    for (const task of group.waiting.rest()) this.#explainPending(task, pipeline.explain(), decisions);
  }

  #query(task: Task): NodeQuery {
    const failures = this.#nodes.failures.of(groupKey(task), this.#clock.now());
    return { serviceId: task.ServiceID, failures, placement: task.Spec.Placement };
  }

  /** Up to `count` of the best nodes that pass, best one first. */
  #best(query: NodeQuery, pipeline: Pipeline, count: number): NodeInfo[] {
    const best: NodeInfo[] = [];
    for (const info of this.#nodes.candidates(query)) {
      if (!pipeline.process(info)) continue;
      best.push(info);
      if (best.length === count) return best;
    }
    for (const info of this.#nodes.others(query)) pipeline.process(info);
    return best;
  }

  #assign(task: Task, info: NodeInfo, message: string, decisions: Map<Task, Task>): void {
    const { generic } = reservationsOf(task.Spec);
    const assigned: Task = {
      ...task,
      NodeID: info.id,
      Status: { Timestamp: this.#clock.timestamp(), State: 'assigned', Message: message, PortStatus: {} },
      ...(generic.length === 0 ? {} : { GenericResources: info.generic.choose(generic) }),
    };
    this.#nodes.addTask(info, assigned);
    decisions.set(task, assigned);
  }

  /**
   * Says in the task why it has no node. One of an older spec version says nothing, and if it is not wanted any more it is over: nobody
   * else would ever end it.
   */
  #explainPending(task: Task, explanation: string, decisions: Map<Task, Task>): void {
    const service = this.#store.services.get(task.ServiceID);
    if (service === undefined) return;
    const Timestamp = this.#clock.timestamp();
    if (service.specVersion <= task.specVersion) {
      const Err = explanation === '' ? 'no suitable node' : `no suitable node (${explanation})`;
      decisions.set(task, { ...task, Status: { ...task.Status, Timestamp, Err } });
    } else if (compareStates(task.DesiredState, 'shutdown') >= 0) {
      const { Err: _, ...status } = task.Status;
      decisions.set(task, { ...task, Status: { ...status, Timestamp, State: 'shutdown' } });
    }
  }

  /** Stores all decisions of a round in one transaction; one that says nothing new is dropped. */
  #commit(decisions: ReadonlyMap<Task, Task>): void {
    const changes = [...decisions].filter(([old, decided]) => {
      return old.Status.State !== decided.Status.State || old.Status.Err !== decided.Status.Err;
    });
    if (changes.length === 0) return;
    this.#store.update((transaction) => {
      for (const [old, decided] of changes) {
        if (transaction.tasks.get(old.ID) !== old) continue;
        const stored = transaction.update('tasks', decided);
        if (stored.NodeID !== undefined || stored.Status.State !== 'pending') continue;
        this.#unassigned.set(stored.ID, stored);
        // As in Swarm it is looked at once more: what was placed beside it may have hidden why the other nodes were refused.
        this.#tickRequired = true;
      }
    });
  }

  /** Judges up to `limit` nodes for a task, in the order in which it would be offered to them. */
  #judge(query: NodeQuery, pipeline: Pipeline, limit: number): NodeVerdict[] {
    const fit: NodeVerdict[] = [];
    const unfit: NodeVerdict[] = [];
    const judge = (info: NodeInfo) => {
      const refusedBy = pipeline.refusal(info);
      (refusedBy === undefined ? fit : unfit).push({
        nodeId: info.id,
        hostname: info.node.Description?.Hostname ?? '',
        refusedBy,
        serviceTasks: info.serviceTasks(query.serviceId),
        totalTasks: info.totalTasks,
        recentFailures: query.failures?.get(info.id) ?? 0,
      });
    };
    for (const nodes of [this.#nodes.candidates(query), this.#nodes.others(query)]) {
      for (const info of nodes) {
        if (fit.length + unfit.length === limit) return [...fit, ...unfit];
        judge(info);
      }
    }
    return [...fit, ...unfit];
  }
}
