import { clusterOf } from '../api/control-context.ts';
import { clusterView } from '../api/views/cluster-view.ts';
import { isMember } from '../model/objects.ts';
import type { Swarm } from '../swarm.ts';
import type { Membership } from './membership.ts';
import type { LocalNodeState, SwarmInfo } from './swarm-machine.ts';
import { TEXTS } from './texts.ts';

const NO_TIME = '0001-01-01T00:00:00Z';
/** What a manager shows of its swarm while there is no leader to ask: nothing, in the shape of something. */
const UNKNOWN_CLUSTER = {
  ID: '',
  Version: {},
  CreatedAt: NO_TIME,
  UpdatedAt: NO_TIME,
  Spec: {
    Labels: null,
    Orchestration: {},
    Raft: { ElectionTick: 0, HeartbeatTick: 0 },
    Dispatcher: {},
    CAConfig: {},
    TaskDefaults: {},
    EncryptionConfig: { AutoLockManagers: false },
  },
  TLSInfo: {},
  RootRotationInProgress: false,
  DefaultAddrPool: null,
  SubnetSize: 0,
  DataPathPort: 0,
};

/** The Swarm section of /info of a machine; `swarm` is absent when no manager of its swarm exists any more. */
export function swarmInfo(
  state: LocalNodeState,
  membership: Membership | undefined,
  swarm: Swarm | undefined,
): SwarmInfo {
  const info: SwarmInfo = {
    NodeID: membership?.nodeId ?? '',
    NodeAddr: membership?.address ?? '',
    LocalNodeState: state,
    ControlAvailable: false,
    Error: '',
    RemoteManagers: null,
  };
  if (state === 'locked') return { ...info, NodeID: '', Error: TEXTS.locked };
  if (membership === undefined || swarm === undefined) return info;
  const nodes = [...swarm.store.nodes.all()];
  const managers = nodes.filter(isMember).sort((a, b) => (a.ID < b.ID ? -1 : 1));
  info.RemoteManagers = managers.map(({ ID, managerAddress = '' }) => ({ NodeID: ID, Addr: managerAddress }));
  if (state !== 'active' || !managers.some(({ ID }) => ID === membership.nodeId)) return info;
  info.ControlAvailable = true;
  if (!swarm.isLed)
    return { ...info, Error: `rpc error: code = Unknown desc = ${TEXTS.noLeader}`, Cluster: UNKNOWN_CLUSTER };
  return {
    ...info,
    Nodes: nodes.length,
    Managers: managers.length,
    Cluster: clusterView(clusterOf(swarm.store)),
    ...(managers.length === 2 ? { Warnings: [TEXTS.twoManagers] } : {}),
  };
}
