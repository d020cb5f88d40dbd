import type { ClusterChange, ClusterView } from '../../server/workspaces/view/cluster-view.ts';

/** Before anything is known. */
export const NO_CLUSTER: ClusterView = { swarm: 'unknown', reason: '', nodes: [], services: [], tasks: [] };

/** The cluster after a change: changed objects replaced or added, removed ones left out, in the server's order. */
export function applyChange(cluster: ClusterView, change: ClusterChange): ClusterView {
  const removed = new Set(change.removed);
  return {
    swarm: change.swarm,
    reason: change.reason,
    nodes: merge(cluster.nodes, change.nodes, removed),
    services: merge(cluster.services, change.services, removed, (a, b) => a.name.localeCompare(b.name)),
    tasks: merge(
      cluster.tasks,
      change.tasks,
      removed,
      (a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }) || a.id.localeCompare(b.id),
    ),
  };
}

function merge<Item extends { id: string }>(
  before: readonly Item[],
  changed: readonly Item[],
  removed: ReadonlySet<string>,
  order?: (a: Item, b: Item) => number,
): Item[] {
  const fresh = new Map(changed.map((item) => [item.id, item]));
  const kept = before.filter((item) => !removed.has(item.id)).map((item) => fresh.get(item.id) ?? item);
  const known = new Set(kept.map((item) => item.id));
  const merged = [...kept, ...changed.filter((item) => !known.has(item.id))];
  return order === undefined ? merged : merged.sort(order);
}
