import type { ClusterView } from '../../server/workspaces/view/cluster-view.ts';

/** Colours to tell services apart; they mean nothing else. */
const HUES = ['#e0a030', '#3fae9d', '#5f93dc', '#c573cf', '#d4735e', '#8aa83c', '#5bb0d0', '#b08968'];

/** The colour of a service: by its place in the order in which services were made, which Swarm's IDs do not tell but names keep stable. */
export function hueOf(serviceId: string, cluster: ClusterView): string {
  const place = cluster.services.findIndex((service) => service.id === serviceId);
  return HUES[Math.max(0, place) % HUES.length] ?? 'gray';
}
