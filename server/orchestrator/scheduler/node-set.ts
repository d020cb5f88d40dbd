import { constraintsOf, nodeMatches } from '../constraints/constraint.ts';
import type { Node, Task } from '../model/objects.ts';
import type { Placement } from '../model/specs.ts';
import { NodeInfo } from './node-info.ts';
import { NodeRanking } from './node-ranking.ts';
import { FAILURES_THAT_COUNT, RecentFailures } from './recent-failures.ts';

/** Negative when the first node is the better one for the next task. */
export type NodeOrder = (a: NodeInfo, b: NodeInfo) => number;

/** Tasks that are scheduled together and held against nodes together: of one service, made at one version of its spec. */
export function groupKey(task: Pick<Task, 'ServiceID' | 'specVersion'>): string {
  return `${task.ServiceID}@${task.specVersion}`;
}

/** Rankings of the nodes that meet the same constraints, kept for the constraints asked for last. */
const KEPT_RANKINGS = 8;

/** What is asked of nodes when tasks of a group need one. */
export interface NodeQuery {
  readonly serviceId: string;
  /** Recent failures of the group by node. */
  readonly failures: ReadonlyMap<string, number> | undefined;
  readonly placement: Placement | undefined;
}

/** All nodes with the tasks on them, and which of them is the best for a next task. */
export class NodeSet {
  readonly failures = new RecentFailures();
  readonly #nodes = new Map<string, NodeInfo>();
  readonly #ready = new NodeRanking((info) => info.isReady);
  /** Nodes that are ready and meet constraints, by these; the ones asked for last at the end. */
  readonly #constrained = new Map<string, NodeRanking>();
  /** Nodes that have active tasks of a service. */
  readonly #byService = new Map<string, Set<NodeInfo>>();

  get(nodeId: string): NodeInfo | undefined {
    return this.#nodes.get(nodeId);
  }

  /** Takes a node in, or notes a change of it. Returns whether it was unknown. */
  put(node: Node): boolean {
    let info = this.#nodes.get(node.ID);
    const isNew = info === undefined;
    if (info === undefined) {
      info = new NodeInfo(node);
      this.#nodes.set(node.ID, info);
    } else info.update(node);
    this.#ready.update(info);
    for (const ranking of this.#constrained.values()) ranking.update(info);
    return isNew;
  }

  remove(nodeId: string): void {
    const info = this.#nodes.get(nodeId);
    if (info === undefined) return;
    this.#nodes.delete(nodeId);
    this.#ready.remove(info);
    for (const ranking of this.#constrained.values()) ranking.remove(info);
    for (const [serviceId, nodes] of this.#byService)
      if (nodes.delete(info) && nodes.size === 0) this.#byService.delete(serviceId);
    this.failures.forgetNode(nodeId);
  }

  addTask(info: NodeInfo, task: Task): void {
    info.add(task);
    this.#recount(info, task.ServiceID);
  }

  removeTask(info: NodeInfo, task: Task): void {
    info.remove(task.ID);
    this.#recount(info, task.ServiceID);
  }

  /**
   * The order in which nodes are taken for tasks of a service: few failures before many, once these count at all; then fewer tasks of
   * the service; then fewer tasks altogether.
   */
  order({ serviceId, failures }: NodeQuery): NodeOrder {
    const byTasks: NodeOrder = (a, b) =>
      a.serviceTasks(serviceId) - b.serviceTasks(serviceId) || a.totalTasks - b.totalTasks;
    if (failures === undefined) return byTasks;
    const weight = (info: NodeInfo) => {
      const count = failures.get(info.id) ?? 0;
      return count >= FAILURES_THAT_COUNT ? count : 0;
    };
    return (a, b) => weight(a) - weight(b) || byTasks(a, b);
  }

  /**
   * Nodes that are ready and meet the constraints, best one first, as `order` orders them. Most of them have neither tasks nor failures
   * of the service and come as they are ranked; only the others have to be sorted. Nothing may change while iterating.
   */
  *candidates(query: NodeQuery): Generator<NodeInfo> {
    const ranking = this.#ranking(query.placement);
    const special = new Set<NodeInfo>();
    for (const info of this.#byService.get(query.serviceId) ?? []) if (ranking.has(info)) special.add(info);
    for (const [nodeId, count] of query.failures ?? []) {
      const info = count >= FAILURES_THAT_COUNT ? this.#nodes.get(nodeId) : undefined;
      if (info !== undefined && ranking.has(info)) special.add(info);
    }
    if (special.size < ranking.size) for (const info of ranking.ascending()) if (!special.has(info)) yield info;
    const ranked = special.size === ranking.size ? [...ranking.ascending()] : [...special];
    yield* ranked.sort(this.order(query));
  }

  /** The nodes that are no candidates, whatever else. */
  *others({ placement }: NodeQuery): Generator<NodeInfo> {
    const ranking = this.#ranking(placement);
    if (ranking.size === this.#nodes.size) return;
    for (const info of this.#nodes.values()) if (!ranking.has(info)) yield info;
  }

  #ranking(placement: Placement | undefined): NodeRanking {
    const constraints = constraintsOf(placement);
    if (constraints.length === 0) return this.#ready;
    const key = constraints.map(({ key, operator, value }) => `${key}${operator}${value}`).join(' ');
    let ranking = this.#constrained.get(key);
    if (ranking === undefined) {
      ranking = new NodeRanking((info) => info.isReady && nodeMatches(constraints, info.node));
      for (const info of this.#ready.ascending()) ranking.update(info);
      for (const oldest of this.#constrained.keys()) {
        if (this.#constrained.size < KEPT_RANKINGS) break;
        this.#constrained.delete(oldest);
      }
    } else this.#constrained.delete(key);
    this.#constrained.set(key, ranking);
    return ranking;
  }

  #recount(info: NodeInfo, serviceId: string): void {
    this.#ready.recount(info);
    for (const ranking of this.#constrained.values()) ranking.recount(info);
    let nodes = this.#byService.get(serviceId);
    if (info.serviceTasks(serviceId) > 0) {
      if (nodes === undefined) {
        nodes = new Set();
        this.#byService.set(serviceId, nodes);
      }
      nodes.add(info);
    } else if (nodes?.delete(info) && nodes.size === 0) this.#byService.delete(serviceId);
  }
}
