import { z } from 'zod';

const DOMAIN = 'docker-dca.example';

export const clusterNodeName = z.enum(['master', 'worker1', 'worker2', 'registry']);
export type ClusterNodeName = z.infer<typeof clusterNodeName>;

export interface NodePlan {
  readonly name: ClusterNodeName;
  readonly hostname: string;
  /** Last byte of its address. */
  readonly hostPart: number;
  readonly role: 'manager' | 'worker';
}

/** The machines of the course: where each stands in the subnet, and what it is in the swarm. */
export const NODE_PLANS: readonly NodePlan[] = [
  { name: 'master', hostname: `master.${DOMAIN}`, hostPart: 100, role: 'manager' },
  { name: 'worker1', hostname: `worker1.${DOMAIN}`, hostPart: 110, role: 'worker' },
  { name: 'worker2', hostname: `worker2.${DOMAIN}`, hostPart: 120, role: 'worker' },
  { name: 'registry', hostname: `registry.${DOMAIN}`, hostPart: 200, role: 'worker' },
];

/** The machine that serves the registry where a lab turns it on. */
export const REGISTRY_NODE: ClusterNodeName = 'registry';

/** The registry's name and port, as the lab's image names begin. It is only reachable where a lab turns it on. */
export const LAB_REGISTRY = `registry.${DOMAIN}:5000`;

/** Names outside the cluster that the exercises ask for, and the node that answers for them without internet. */
export const OFFLINE_NAMES: Record<string, ClusterNodeName> = { 'google.com': 'registry' };
