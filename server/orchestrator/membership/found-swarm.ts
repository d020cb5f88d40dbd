import type { Availability, ClusterSpec, NetworkSpec, NodeRole } from '../model/specs.ts';
import type { Store, WriteTransaction } from '../store/store.ts';
import { createRootCa } from './certificates/root-ca.ts';
import { SWARM_PORT } from './membership.ts';
import { newJoinToken, newUnlockKey } from './tokens.ts';

export interface FoundingRequest {
  swarmId: string;
  spec: ClusterSpec;
  defaultAddressPool: readonly string[];
  subnetSize: number;
  dataPathPort: number;
  /** Milliseconds since the epoch. */
  now: number;
  newId: () => string;
}

/** Where VXLAN packets go unless told otherwise. */
const DATA_PATH_PORT = 4789;

/**
 * Puts into an empty store what a new swarm begins with: the cluster with its root certificate and tokens, the ingress network, and the
 * mirrors of every node's own `bridge` and `host`.
 */
export function foundSwarm(store: Store, request: FoundingRequest): void {
  const { newId, spec } = request;
  const rootCa = createRootCa(request.now);
  store.update((transaction) => {
    transaction.create('clusters', {
      ID: request.swarmId,
      Spec: spec,
      RootRotationInProgress: false,
      DefaultAddrPool: [...request.defaultAddressPool],
      SubnetSize: request.subnetSize,
      DataPathPort: request.dataPathPort || DATA_PATH_PORT,
      joinTokens: { Worker: newJoinToken(rootCa.certificate), Manager: newJoinToken(rootCa.certificate) },
      rootCa,
      unlockKey: spec.EncryptionConfig.AutoLockManagers ? newUnlockKey() : '',
    });
    for (const network of BUILTIN_NETWORKS) transaction.create('networks', { ID: newId(), Spec: network });
  });
}

const PLAIN = { Internal: false, Attachable: false, Ingress: false };
const MIRROR = { ...PLAIN, Labels: { 'com.docker.swarm.predefined': 'true' }, Predefined: true };
const BUILTIN_NETWORKS: NetworkSpec[] = [
  { ...PLAIN, Name: 'ingress', Labels: {}, Driver: 'overlay', Ingress: true, isFounding: true },
  { ...MIRROR, Name: 'bridge', Driver: 'bridge' },
  { ...MIRROR, Name: 'host', Driver: 'host' },
];

export interface NewNode {
  id: string;
  role: NodeRole;
  availability: Availability;
  /** Without port. */
  address: string;
}

/** Adds a node that has been let in; it becomes ready when its agent registers. */
export function addNode(transaction: WriteTransaction, node: NewNode): void {
  transaction.create('nodes', {
    ID: node.id,
    Spec: { Labels: {}, Role: node.role, Availability: node.availability },
    Status: { State: 'unknown', Addr: node.address },
    managerAddress: `${node.address}:${SWARM_PORT}`,
    role: node.role,
    networkAddresses: {},
  });
}
