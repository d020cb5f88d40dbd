import { goBool, goDuration, goInt, goList, goMap, goString, goStruct } from './go-json.ts';

const swarmSpec = goStruct(
  'swarm.Spec',
  {
    Name: goString(),
    Labels: goMap(goString()),
    Orchestration: goStruct('swarm.OrchestrationConfig', { TaskHistoryRetentionLimit: goInt('int64') }),
    Raft: goStruct('swarm.RaftConfig', {
      SnapshotInterval: goInt('uint64'),
      KeepOldSnapshots: goInt('uint64'),
      LogEntriesForSlowFollowers: goInt('uint64'),
      ElectionTick: goInt('int'),
      HeartbeatTick: goInt('int'),
    }),
    Dispatcher: goStruct('swarm.DispatcherConfig', { HeartbeatPeriod: goDuration() }),
    CAConfig: goStruct('swarm.CAConfig', {
      NodeCertExpiry: goDuration(),
      ExternalCAs: goList(
        goStruct('swarm.ExternalCA', {
          Protocol: goString('swarm.ExternalCAProtocol'),
          URL: goString(),
          Options: goMap(goString()),
          CACert: goString(),
        }),
        '[]*swarm.ExternalCA',
      ),
      SigningCACert: goString(),
      SigningCAKey: goString(),
      ForceRotate: goInt('uint64'),
    }),
    TaskDefaults: goStruct('swarm.TaskDefaults', {
      LogDriver: goStruct('swarm.Driver', { Name: goString(), Options: goMap(goString()) }),
    }),
    EncryptionConfig: goStruct('swarm.EncryptionConfig', { AutoLockManagers: goBool() }),
  },
  { Name: 'Annotations', Labels: 'Annotations' },
);

/** The body of POST /swarm/update. */
export const swarmSpecRequest = swarmSpec;

/** The body of POST /swarm/init. */
export const initRequest = goStruct('swarm.InitRequest', {
  ListenAddr: goString(),
  AdvertiseAddr: goString(),
  DataPathAddr: goString(),
  DataPathPort: goInt('uint32'),
  ForceNewCluster: goBool(),
  Spec: swarmSpec,
  AutoLockManagers: goBool(),
  Availability: goString('swarm.NodeAvailability'),
  DefaultAddrPool: goList(goString()),
  SubnetSize: goInt('uint32'),
});

/** The body of POST /swarm/join. */
export const joinRequest = goStruct('swarm.JoinRequest', {
  ListenAddr: goString(),
  AdvertiseAddr: goString(),
  DataPathAddr: goString(),
  RemoteAddrs: goList(goString()),
  JoinToken: goString(),
  Availability: goString('swarm.NodeAvailability'),
});

/** The body of POST /swarm/unlock. */
export const unlockRequest = goStruct('swarm.UnlockRequest', { UnlockKey: goString() });
