import type { z } from 'zod';
import { goAny, goBool, goDuration, goFloat, goInt, goList, goMap, goString, goStruct } from './go-json.ts';

/** Go's types of the body of POST /services/create and /services/ID/update, in the order in which Docker shows the fields. */

const labels = goMap(goString());
const strings = goList(goString());
const driver = goStruct('swarm.Driver', { Name: goString(), Options: goMap(goString()) });

const fileTarget = (name: string) =>
  goStruct(name, { Name: goString(), UID: goString(), GID: goString(), Mode: goInt('uint32', 'fs.FileMode') });

const secretReference = goStruct('swarm.SecretReference', {
  File: fileTarget('swarm.SecretReferenceFileTarget'),
  SecretID: goString(),
  SecretName: goString(),
});

const configReference = goStruct('swarm.ConfigReference', {
  File: fileTarget('swarm.ConfigReferenceFileTarget'),
  Runtime: goStruct('swarm.ConfigReferenceRuntimeTarget', {}),
  ConfigID: goString(),
  ConfigName: goString(),
});

const mount = goStruct('mount.Mount', {
  Type: goString('mount.Type'),
  Source: goString(),
  Target: goString(),
  ReadOnly: goBool(),
  Consistency: goString('mount.Consistency'),
  BindOptions: goStruct('mount.BindOptions', {
    Propagation: goString('mount.Propagation'),
    NonRecursive: goBool(),
    CreateMountpoint: goBool(),
    ReadOnlyNonRecursive: goBool(),
    ReadOnlyForceRecursive: goBool(),
  }),
  VolumeOptions: goStruct('mount.VolumeOptions', {
    NoCopy: goBool(),
    Labels: labels,
    Subpath: goString(),
    DriverConfig: goStruct('mount.Driver', { Name: goString(), Options: goMap(goString()) }),
  }),
  TmpfsOptions: goStruct('mount.TmpfsOptions', { SizeBytes: goInt('int64'), Mode: goInt('uint32', 'fs.FileMode') }),
  ClusterOptions: goStruct('mount.ClusterOptions', {}),
});

const privileges = goStruct('swarm.Privileges', {
  CredentialSpec: goStruct('swarm.CredentialSpec', { Config: goString(), File: goString(), Registry: goString() }),
  SELinuxContext: goStruct('swarm.SELinuxContext', {
    Disable: goBool(),
    User: goString(),
    Role: goString(),
    Type: goString(),
    Level: goString(),
  }),
  Seccomp: goStruct('swarm.SeccompOpts', { Mode: goString('swarm.SeccompMode'), Profile: goString('[]uint8') }),
  AppArmor: goStruct('swarm.AppArmorOpts', { Mode: goString('swarm.AppArmorMode') }),
  NoNewPrivileges: goBool(),
});

const containerSpec = goStruct('swarm.ContainerSpec', {
  Image: goString(),
  Labels: labels,
  Command: strings,
  Args: strings,
  Hostname: goString(),
  Env: strings,
  Dir: goString(),
  User: goString(),
  Groups: strings,
  Privileges: privileges,
  Init: goBool(),
  StopSignal: goString(),
  TTY: goBool(),
  OpenStdin: goBool(),
  ReadOnly: goBool(),
  Mounts: goList(mount),
  StopGracePeriod: goDuration(),
  Healthcheck: goStruct('container.HealthcheckConfig', {
    Test: strings,
    Interval: goDuration(),
    Timeout: goDuration(),
    StartPeriod: goDuration(),
    StartInterval: goDuration(),
    Retries: goInt('int'),
  }),
  Hosts: strings,
  DNSConfig: goStruct('swarm.DNSConfig', { Nameservers: strings, Search: strings, Options: strings }),
  Secrets: goList(secretReference, '[]*swarm.SecretReference'),
  Configs: goList(configReference, '[]*swarm.ConfigReference'),
  Isolation: goString('container.Isolation'),
  Sysctls: goMap(goString()),
  CapabilityAdd: strings,
  CapabilityDrop: strings,
  Ulimits: goList(
    goStruct('units.Ulimit', { Name: goString(), Hard: goInt('int64'), Soft: goInt('int64') }),
    '[]*units.Ulimit',
  ),
});

const genericResources = goList(
  goStruct('swarm.GenericResource', {
    NamedResourceSpec: goStruct('swarm.NamedGenericResource', { Kind: goString(), Value: goString() }),
    DiscreteResourceSpec: goStruct('swarm.DiscreteGenericResource', { Kind: goString(), Value: goInt('int64') }),
  }),
);

const networks = goList(
  goStruct('swarm.NetworkAttachmentConfig', {
    Target: goString(),
    Aliases: strings,
    DriverOpts: goMap(goString()),
  }),
);

const taskSpec = goStruct('swarm.TaskSpec', {
  ContainerSpec: containerSpec,
  PluginSpec: goAny('runtime.PluginSpec'),
  NetworkAttachmentSpec: goStruct('swarm.NetworkAttachmentSpec', { ContainerID: goString() }),
  Resources: goStruct('swarm.ResourceRequirements', {
    Limits: goStruct('swarm.Limit', {
      NanoCPUs: goInt('int64'),
      MemoryBytes: goInt('int64'),
      Pids: goInt('int64'),
    }),
    Reservations: goStruct('swarm.Resources', {
      NanoCPUs: goInt('int64'),
      MemoryBytes: goInt('int64'),
      GenericResources: genericResources,
    }),
  }),
  RestartPolicy: goStruct('swarm.RestartPolicy', {
    Condition: goString('swarm.RestartPolicyCondition'),
    Delay: goDuration(),
    MaxAttempts: goInt('uint64'),
    Window: goDuration(),
  }),
  Placement: goStruct('swarm.Placement', {
    Constraints: strings,
    Preferences: goList(
      goStruct('swarm.PlacementPreference', {
        Spread: goStruct('swarm.SpreadOver', { SpreadDescriptor: goString() }),
      }),
    ),
    MaxReplicas: goInt('uint64'),
    Platforms: goList(goStruct('swarm.Platform', { Architecture: goString(), OS: goString() })),
  }),
  Networks: networks,
  LogDriver: driver,
  ForceUpdate: goInt('uint64'),
  Runtime: goString('swarm.RuntimeType'),
});

const updateConfig = goStruct('swarm.UpdateConfig', {
  Parallelism: goInt('uint64'),
  Delay: goDuration(),
  FailureAction: goString(),
  Monitor: goDuration(),
  MaxFailureRatio: goFloat(),
  Order: goString(),
});

export const serviceSpecRequest = goStruct(
  'swarm.ServiceSpec',
  {
    Name: goString(),
    Labels: labels,
    TaskTemplate: taskSpec,
    Mode: goStruct('swarm.ServiceMode', {
      Replicated: goStruct('swarm.ReplicatedService', { Replicas: goInt('uint64') }),
      Global: goStruct('swarm.GlobalService', {}),
      ReplicatedJob: goStruct('swarm.ReplicatedJob', {
        MaxConcurrent: goInt('uint64'),
        TotalCompletions: goInt('uint64'),
      }),
      GlobalJob: goStruct('swarm.GlobalJob', {}),
    }),
    UpdateConfig: updateConfig,
    RollbackConfig: updateConfig,
    Networks: networks,
    EndpointSpec: goStruct('swarm.EndpointSpec', {
      Mode: goString('swarm.ResolutionMode'),
      Ports: goList(
        goStruct('swarm.PortConfig', {
          Name: goString(),
          Protocol: goString('swarm.PortConfigProtocol'),
          TargetPort: goInt('uint32'),
          PublishedPort: goInt('uint32'),
          PublishMode: goString('swarm.PortConfigPublishMode'),
        }),
      ),
    }),
  },
  { Name: 'Annotations', Labels: 'Annotations' },
);

export type ServiceSpecRequest = NonNullable<z.infer<typeof serviceSpecRequest>>;
export type TaskSpecRequest = NonNullable<ServiceSpecRequest['TaskTemplate']>;
export type ContainerSpecRequest = NonNullable<TaskSpecRequest['ContainerSpec']>;
