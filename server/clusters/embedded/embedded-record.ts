import { randomBytes } from 'node:crypto';
import type { ClusterRecord, ClusterRequest } from '../cluster-record.ts';
import { NODE_PLANS } from '../node-plan.ts';
import { addressIn, parseSubnet } from '../subnet.ts';

/** Every embedded cluster has a network namespace of its own, so that all of them may have the same subnet. */
const SUBNET = '10.10.10.0/24';

/** What an embedded cluster is going to be. */
export function embeddedRecord(request: ClusterRequest): ClusterRecord {
  const subnet = request.subnet ?? SUBNET;
  const parsed = parseSubnet(subnet);
  if (parsed === undefined) throw new Error(`${subnet} is no subnet`);
  return {
    ...request,
    version: 1,
    phase: 'creating',
    subnet,
    agentPort: 0,
    nodes: NODE_PLANS.filter((plan) => request.nodes.includes(plan.name)).map((plan) => ({
      name: plan.name,
      hostname: plan.hostname,
      address: addressIn(parsed, plan.hostPart),
      container: '',
      role: plan.role,
      credential: randomBytes(32).toString('base64url'),
      power: 'on',
      cable: 'in',
    })),
  };
}
