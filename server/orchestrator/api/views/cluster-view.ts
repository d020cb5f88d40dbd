import { tlsInfo } from '../../membership/certificates/root-ca.ts';
import type { Cluster } from '../../model/objects.ts';
import type { ApiObject } from '../control-api.ts';
import { omitEmpty } from '../services/omit-empty.ts';
import { storedView } from './stored-view.ts';

/** The swarm as /info shows it. The key with which certificates are signed is never shown, nor is its certificate as part of the spec. */
export function clusterView(cluster: Cluster): ApiObject {
  const { Spec: spec } = cluster;
  const { SigningCACert: _certificate, SigningCAKey: _key, ...ca } = spec.CAConfig;
  return {
    ...storedView(cluster),
    Spec: {
      ...spec,
      Raft: omitEmpty(spec.Raft, ['KeepOldSnapshots', 'ElectionTick', 'HeartbeatTick']),
      Dispatcher: omitEmpty(spec.Dispatcher),
      CAConfig: omitEmpty(ca),
    },
    TLSInfo: tlsInfo(cluster.rootCa.certificate),
    RootRotationInProgress: cluster.RootRotationInProgress,
    DefaultAddrPool: cluster.DefaultAddrPool.length === 0 ? null : cluster.DefaultAddrPool,
    SubnetSize: cluster.SubnetSize,
    DataPathPort: cluster.DataPathPort,
  };
}

/** The swarm as GET /swarm gives it to managers, with its join tokens. */
export function swarmView(cluster: Cluster): ApiObject {
  const { Worker, Manager } = cluster.joinTokens;
  return { ...clusterView(cluster), JoinTokens: { Worker, Manager } };
}
