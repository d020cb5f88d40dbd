/**
 * What users ask for, in the words of the Engine API. A spec is stored as it will be shown again: normalised on the way in
 * (defaults filled as Swarm fills them), never rewritten on the way out. Durations are integer nanoseconds, sizes bytes.
 */

export type Labels = Record<string, string>;

export interface SecretReference {
  File?: { Name: string; UID: string; GID: string; Mode: number };
  SecretID: string;
  SecretName: string;
}

export interface ConfigReference {
  File?: { Name: string; UID: string; GID: string; Mode: number };
  Runtime?: Record<string, never>;
  ConfigID: string;
  ConfigName: string;
}

export interface Mount {
  Type: 'bind' | 'volume' | 'tmpfs' | 'npipe' | 'cluster';
  Source?: string;
  Target?: string;
  ReadOnly?: boolean;
  Consistency?: string;
  BindOptions?: Record<string, unknown>;
  VolumeOptions?: {
    NoCopy?: boolean;
    Labels?: Labels;
    Subpath?: string;
    DriverConfig?: { Name?: string; Options?: Record<string, string> };
  };
  TmpfsOptions?: Record<string, unknown>;
}

export interface HealthConfig {
  Test?: string[];
  Interval?: number;
  Timeout?: number;
  StartPeriod?: number;
  StartInterval?: number;
  Retries?: number;
}

export interface ContainerSpec {
  /** The client's X-Registry-Auth, with which nodes pull the image. Never shown. */
  registryAuth?: string;
  Image?: string;
  Labels?: Labels;
  Command?: string[];
  Args?: string[];
  Hostname?: string;
  Env?: string[];
  Dir?: string;
  User?: string;
  Groups?: string[];
  Privileges?: Record<string, unknown>;
  StopSignal?: string;
  TTY?: boolean;
  OpenStdin?: boolean;
  ReadOnly?: boolean;
  Mounts?: Mount[];
  StopGracePeriod?: number;
  Healthcheck?: HealthConfig;
  Hosts?: string[];
  DNSConfig?: { Nameservers?: string[]; Search?: string[]; Options?: string[] };
  Secrets?: SecretReference[];
  Configs?: ConfigReference[];
  Isolation?: string;
  Init?: boolean;
  Sysctls?: Record<string, string>;
  CapabilityAdd?: string[];
  CapabilityDrop?: string[];
  Ulimits?: { Name: string; Hard: number; Soft: number }[];
}

export interface GenericResource {
  NamedResourceSpec?: { Kind: string; Value: string };
  DiscreteResourceSpec?: { Kind: string; Value: number };
}

export interface ResourceRequirements {
  Limits?: { NanoCPUs?: number; MemoryBytes?: number; Pids?: number };
  Reservations?: { NanoCPUs?: number; MemoryBytes?: number; GenericResources?: GenericResource[] };
}

export interface RestartPolicy {
  Condition?: 'none' | 'on-failure' | 'any';
  Delay?: number;
  MaxAttempts?: number;
  Window?: number;
}

export interface Placement {
  Constraints?: string[];
  Preferences?: { Spread?: { SpreadDescriptor: string } }[];
  MaxReplicas?: number;
  Platforms?: { Architecture?: string; OS?: string }[];
}

export interface NetworkAttachmentConfig {
  Target: string;
  Aliases?: string[];
  DriverOpts?: Record<string, string>;
}

export interface Driver {
  Name?: string;
  Options?: Record<string, string>;
}

export interface TaskSpec {
  ContainerSpec?: ContainerSpec;
  /** Set for the attachment task that stands for a plain container on an attachable overlay. */
  NetworkAttachmentSpec?: { ContainerID: string };
  Resources?: ResourceRequirements;
  RestartPolicy?: RestartPolicy;
  Placement?: Placement;
  Networks?: NetworkAttachmentConfig[];
  LogDriver?: Driver;
  ForceUpdate?: number;
  Runtime?: string;
}

export interface UpdateConfig {
  Parallelism: number;
  Delay?: number;
  FailureAction?: 'pause' | 'continue' | 'rollback';
  Monitor?: number;
  MaxFailureRatio: number;
  Order: 'stop-first' | 'start-first';
}

export interface PortConfig {
  Name?: string;
  Protocol: 'tcp' | 'udp' | 'sctp';
  TargetPort?: number;
  /** Absent or 0: Swarm picks one (ingress), or the engine does (host). */
  PublishedPort?: number;
  PublishMode: 'ingress' | 'host';
}

export interface EndpointSpec {
  Mode?: 'vip' | 'dnsrr';
  Ports?: PortConfig[];
}

/** Exactly one of the four is set. */
export interface ServiceMode {
  Replicated?: { Replicas: number };
  Global?: Record<string, never>;
  ReplicatedJob?: { MaxConcurrent: number; TotalCompletions: number };
  GlobalJob?: Record<string, never>;
}

export interface ServiceSpec {
  Name: string;
  Labels: Labels;
  TaskTemplate: TaskSpec;
  Mode: ServiceMode;
  UpdateConfig?: UpdateConfig;
  RollbackConfig?: UpdateConfig;
  /** Where older clients put `TaskTemplate.Networks`, which wins when both are there. */
  Networks?: NetworkAttachmentConfig[];
  EndpointSpec?: EndpointSpec;
}

export type NodeRole = 'manager' | 'worker';
export type Availability = 'active' | 'pause' | 'drain';

export interface NodeSpec {
  Name?: string;
  Labels: Labels;
  Role: NodeRole;
  Availability: Availability;
}

export interface IpamConfig {
  Subnet?: string;
  IPRange?: string;
  Gateway?: string;
  AuxiliaryAddresses?: Record<string, string>;
}

export interface NetworkSpec {
  Name: string;
  Labels: Labels;
  Driver: string;
  Options?: Record<string, string>;
  EnableIPv6?: boolean;
  Internal: boolean;
  Attachable: boolean;
  Ingress: boolean;
  /** Set for the mirrors of a node's own `bridge` and `host`. */
  Predefined?: boolean;
  /** Set for the ingress network that a swarm begins with: nobody has asked for its driver, and where that shows it is not named. */
  isFounding?: boolean;
  /** The local network whose configuration this one takes. */
  ConfigFrom?: string;
  IPAM?: { Driver?: string; Options?: Record<string, string> | null; Config?: IpamConfig[] };
}

export interface SecretSpec {
  Name: string;
  Labels: Labels;
  /** Base64. Never shown again. */
  Data?: string;
  Driver?: Driver;
  Templating?: Driver;
}

export interface ConfigSpec {
  Name: string;
  Labels: Labels;
  /** Base64. */
  Data?: string;
  Templating?: Driver;
}

export interface ClusterSpec {
  Name: string;
  Labels: Labels;
  Orchestration: { TaskHistoryRetentionLimit?: number };
  Raft: {
    SnapshotInterval: number;
    KeepOldSnapshots: number;
    LogEntriesForSlowFollowers: number;
    ElectionTick: number;
    HeartbeatTick: number;
  };
  Dispatcher: { HeartbeatPeriod: number };
  CAConfig: {
    NodeCertExpiry: number;
    ExternalCAs?: unknown[];
    SigningCACert?: string;
    SigningCAKey?: string;
    ForceRotate?: number;
  };
  TaskDefaults: { LogDriver?: Driver };
  EncryptionConfig: { AutoLockManagers: boolean };
}
