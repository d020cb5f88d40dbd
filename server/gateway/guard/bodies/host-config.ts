import type { z } from 'zod';
import { goAny, goBool, goInt, goList, goMap, goString, goStruct } from '../../../orchestrator/api/request/go-json.ts';
import { mount } from './mount.ts';

/** Go's types of a container's host settings: HostConfig of a create, and the resources of an update. */

const strings = goList(goString());
const weightDevice = goStruct('blkiodev.WeightDevice', { Path: goString(), Weight: goInt('uint16') });
const throttleDevice = goStruct('blkiodev.ThrottleDevice', { Path: goString(), Rate: goInt('uint64') });

const resourceFields = {
  CpuShares: goInt('int64'),
  Memory: goInt('int64'),
  NanoCpus: goInt('int64'),
  CgroupParent: goString(),
  BlkioWeight: goInt('uint16'),
  BlkioWeightDevice: goList(weightDevice),
  BlkioDeviceReadBps: goList(throttleDevice),
  BlkioDeviceWriteBps: goList(throttleDevice),
  BlkioDeviceReadIOps: goList(throttleDevice),
  BlkioDeviceWriteIOps: goList(throttleDevice),
  CpuPeriod: goInt('int64'),
  CpuQuota: goInt('int64'),
  CpuRealtimePeriod: goInt('int64'),
  CpuRealtimeRuntime: goInt('int64'),
  CpusetCpus: goString(),
  CpusetMems: goString(),
  Devices: goList(
    goStruct('container.DeviceMapping', {
      PathOnHost: goString(),
      PathInContainer: goString(),
      CgroupPermissions: goString(),
    }),
  ),
  DeviceCgroupRules: strings,
  DeviceRequests: goList(
    goStruct('container.DeviceRequest', {
      Driver: goString(),
      Count: goInt('int'),
      DeviceIDs: strings,
      Capabilities: goList(strings),
      Options: goMap(goString()),
    }),
  ),
  KernelMemory: goInt('int64'),
  KernelMemoryTCP: goInt('int64'),
  MemoryReservation: goInt('int64'),
  MemorySwap: goInt('int64'),
  MemorySwappiness: goInt('int64'),
  OomKillDisable: goBool(),
  PidsLimit: goInt('int64'),
  Ulimits: goList(goStruct('units.Ulimit', { Name: goString(), Hard: goInt('int64'), Soft: goInt('int64') })),
  CpuCount: goInt('int64'),
  CpuPercent: goInt('int64'),
  IOMaximumIOps: goInt('uint64'),
  IOMaximumBandwidth: goInt('uint64'),
};

const restartPolicy = goStruct('container.RestartPolicy', {
  Name: goString('container.RestartPolicyMode'),
  MaximumRetryCount: goInt('int'),
});

/** HostConfig of POST /containers/create. */
export const hostConfig = goStruct('container.HostConfig', {
  ...resourceFields,
  Binds: strings,
  ContainerIDFile: goString(),
  LogConfig: goStruct('container.LogConfig', { Type: goString(), Config: goMap(goString()) }),
  NetworkMode: goString('container.NetworkMode'),
  PortBindings: goMap(goList(goStruct('nat.PortBinding', { HostIp: goString(), HostPort: goString() }))),
  RestartPolicy: restartPolicy,
  AutoRemove: goBool(),
  VolumeDriver: goString(),
  VolumesFrom: strings,
  ConsoleSize: goList(goInt('uint64', 'uint')),
  Annotations: goMap(goString()),
  CapAdd: goAny('strslice.StrSlice'),
  CapDrop: goAny('strslice.StrSlice'),
  CgroupnsMode: goString('container.CgroupnsMode'),
  Dns: strings,
  DnsOptions: strings,
  DnsSearch: strings,
  ExtraHosts: strings,
  GroupAdd: strings,
  IpcMode: goString('container.IpcMode'),
  Cgroup: goString('container.CgroupSpec'),
  Links: strings,
  OomScoreAdj: goInt('int'),
  PidMode: goString('container.PidMode'),
  Privileged: goBool(),
  PublishAllPorts: goBool(),
  ReadonlyRootfs: goBool(),
  SecurityOpt: strings,
  StorageOpt: goMap(goString()),
  Tmpfs: goMap(goString()),
  UTSMode: goString('container.UTSMode'),
  UsernsMode: goString('container.UsernsMode'),
  ShmSize: goInt('int64'),
  Sysctls: goMap(goString()),
  Runtime: goString(),
  Isolation: goString('container.Isolation'),
  Mounts: goList(mount),
  MaskedPaths: strings,
  ReadonlyPaths: strings,
  Init: goBool(),
});

export type HostConfigRequest = NonNullable<z.infer<typeof hostConfig>>;

/** Body of POST /containers/ID/update. */
export const containerUpdate = goStruct('container.UpdateConfig', { ...resourceFields, RestartPolicy: restartPolicy });

export type ResourcesRequest = NonNullable<z.infer<typeof containerUpdate>>;
