import type { z } from 'zod';
import type { ClusterSpec } from '../../model/specs.ts';
import { ControlError } from '../control-error.ts';
import type { swarmSpecRequest } from '../request/swarm-spec.ts';
import { mapOrNothing } from '../services/omit-empty.ts';

export type SwarmSpecRequest = NonNullable<z.infer<typeof swarmSpecRequest>>;

const HOUR = 3600_000_000_000;
/** What a swarm is made with when nothing else is asked for. Durations in nanoseconds. */
const DEFAULT_CLUSTER_SPEC: ClusterSpec = {
  Name: 'default',
  Labels: {},
  Orchestration: { TaskHistoryRetentionLimit: 5 },
  Raft: {
    SnapshotInterval: 10_000,
    KeepOldSnapshots: 0,
    LogEntriesForSlowFollowers: 500,
    ElectionTick: 10,
    HeartbeatTick: 1,
  },
  Dispatcher: { HeartbeatPeriod: 5_000_000_000 },
  CAConfig: { NodeCertExpiry: 2160 * HOUR },
  TaskDefaults: {},
  EncryptionConfig: { AutoLockManagers: false },
};

/** What stands for a field that an update leaves out. */
const EMPTY_CLUSTER_SPEC: ClusterSpec = {
  Name: 'default',
  Labels: {},
  Orchestration: { TaskHistoryRetentionLimit: 0 },
  Raft: { SnapshotInterval: 0, KeepOldSnapshots: 0, LogEntriesForSlowFollowers: 0, ElectionTick: 0, HeartbeatTick: 0 },
  Dispatcher: { HeartbeatPeriod: 0 },
  CAConfig: { NodeCertExpiry: 0 },
  TaskDefaults: {},
  EncryptionConfig: { AutoLockManagers: false },
};

/** The spec of a new swarm: what was asked for over the defaults. Throws 400. */
export function initialClusterSpec(request: SwarmSpecRequest, autoLock: boolean): ClusterSpec {
  const spec = merge(request, DEFAULT_CLUSTER_SPEC);
  validate(spec);
  return { ...spec, EncryptionConfig: { AutoLockManagers: autoLock || spec.EncryptionConfig.AutoLockManagers } };
}

/** The spec that takes the place of a swarm's; a client is meant to give it whole. Throws 400. */
export function updatedClusterSpec(request: SwarmSpecRequest): ClusterSpec {
  const spec = merge(request, EMPTY_CLUSTER_SPEC);
  validate(spec);
  return spec;
}

function merge(request: SwarmSpecRequest, base: ClusterSpec): ClusterSpec {
  if (request.Name !== undefined && request.Name !== '' && request.Name !== 'default')
    throw new ControlError(400, 'swarm spec must be named "default"');
  const { Orchestration, Raft, Dispatcher, CAConfig: ca, EncryptionConfig } = request;
  return {
    Name: base.Name,
    Labels: request.Labels ?? base.Labels,
    Orchestration: {
      TaskHistoryRetentionLimit:
        Orchestration?.TaskHistoryRetentionLimit ?? base.Orchestration.TaskHistoryRetentionLimit ?? 0,
    },
    Raft: {
      SnapshotInterval: Raft?.SnapshotInterval || base.Raft.SnapshotInterval,
      KeepOldSnapshots: Raft?.KeepOldSnapshots ?? base.Raft.KeepOldSnapshots,
      LogEntriesForSlowFollowers: Raft?.LogEntriesForSlowFollowers || base.Raft.LogEntriesForSlowFollowers,
      ElectionTick: Raft?.ElectionTick || base.Raft.ElectionTick,
      HeartbeatTick: Raft?.HeartbeatTick || base.Raft.HeartbeatTick,
    },
    Dispatcher: { HeartbeatPeriod: Dispatcher?.HeartbeatPeriod || base.Dispatcher.HeartbeatPeriod },
    CAConfig: {
      NodeCertExpiry: ca?.NodeCertExpiry || base.CAConfig.NodeCertExpiry,
      ...(ca?.ExternalCAs === undefined || ca.ExternalCAs.length === 0
        ? {}
        : { ExternalCAs: ca.ExternalCAs.map(externalCa) }),
      ...(ca?.SigningCACert ? { SigningCACert: ca.SigningCACert } : {}),
      ...(ca?.SigningCAKey ? { SigningCAKey: ca.SigningCAKey } : {}),
      ...(ca?.ForceRotate ? { ForceRotate: ca.ForceRotate } : {}),
    },
    // A default log driver is read, but Docker does not pass it on.
    TaskDefaults: {},
    EncryptionConfig: { AutoLockManagers: EncryptionConfig?.AutoLockManagers ?? false },
  };
}

type ExternalCa = NonNullable<NonNullable<SwarmSpecRequest['CAConfig']>['ExternalCAs']>[number];

function externalCa({ Protocol = '', URL = '', Options, CACert = '' }: ExternalCa) {
  if (Protocol.toLowerCase() !== 'cfssl') throw new ControlError(400, `invalid protocol: ${JSON.stringify(Protocol)}`);
  const options = mapOrNothing(Options);
  return { Protocol: 'cfssl', URL, ...(options === undefined ? {} : { Options: options }), CACert };
}

function validate(spec: ClusterSpec): void {
  const expiry = spec.CAConfig.NodeCertExpiry;
  if (expiry !== 0 && expiry < HOUR)
    throw ControlError.rpc('InvalidArgument', 'minimum certificate expiry time is: 1h0m0s');
  if (spec.Dispatcher.HeartbeatPeriod < 0)
    throw ControlError.rpc('InvalidArgument', 'heartbeat time period cannot be a negative duration');
}
