import type { ClusterChange, ClusterView, TaskView } from '../view/cluster-view.ts';

/** Keeps the way a task came through its states: what was seen before, and the state it is in now if that is another one. */
export function continueHistory(before: TaskView | undefined, now: TaskView): TaskView {
  if (before === undefined) return now;
  const last = before.history.at(-1);
  const history = last?.state === now.state ? before.history : [...before.history, ...now.history];
  return { ...now, history };
}

/** What changed from one view to the next; undefined when nothing did. */
export function changeBetween(before: ClusterView, after: ClusterView): ClusterChange | undefined {
  const change: ClusterChange = {
    swarm: after.swarm,
    reason: after.reason,
    nodes: changed(before.nodes, after.nodes),
    services: changed(before.services, after.services),
    tasks: changed(before.tasks, after.tasks),
    removed: [
      ...gone(before.nodes, after.nodes),
      ...gone(before.services, after.services),
      ...gone(before.tasks, after.tasks),
    ],
  };
  const parts = change.nodes.length + change.services.length + change.tasks.length + change.removed.length;
  return parts > 0 || before.swarm !== after.swarm || before.reason !== after.reason ? change : undefined;
}

function changed<Item extends { id: string }>(before: readonly Item[], after: readonly Item[]): Item[] {
  const known = new Map(before.map((item) => [item.id, JSON.stringify(item)]));
  return after.filter((item) => known.get(item.id) !== JSON.stringify(item));
}

function gone(before: readonly { id: string }[], after: readonly { id: string }[]): string[] {
  const there = new Set(after.map((item) => item.id));
  return before.filter((item) => !there.has(item.id)).map((item) => item.id);
}
