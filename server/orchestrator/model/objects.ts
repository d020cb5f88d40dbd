import type {
  ClusterSpec,
  ConfigSpec,
  Driver,
  EndpointSpec,
  GenericResource,
  Labels,
  NetworkSpec,
  NodeRole,
  NodeSpec,
  PortConfig,
  SecretSpec,
  ServiceSpec,
  TaskSpec,
} from './specs.ts';
import type { TaskState } from './task-state.ts';

/**
 * The objects of a Swarm. Properties with a capital are the Engine API's own and are shown as they stand; those in lower case are
 * the orchestrator's and never leave it. Objects are immutable: a change is a new object, put into the store in a transaction.
 */
export interface Stored {
  readonly ID: string;
  readonly Version: { readonly Index: number };
  readonly CreatedAt: string;
  readonly UpdatedAt: string;
}

export interface EndpointVirtualIP {
  NetworkID: string;
  /** With its prefix length: `10.0.0.3/24`. */
  Addr: string;
}

export interface Endpoint {
  /** The service's EndpointSpec when the endpoint was allocated; absent if it had none. */
  Spec?: EndpointSpec;
  Ports?: PortConfig[];
  VirtualIPs?: EndpointVirtualIP[];
}

export type UpdateState =
  | 'updating'
  | 'paused'
  | 'completed'
  | 'rollback_started'
  | 'rollback_paused'
  | 'rollback_completed';

export interface UpdateStatus {
  State: UpdateState;
  StartedAt?: string;
  CompletedAt?: string;
  Message: string;
}

export interface JobStatus {
  JobIteration: { Index: number };
  LastExecution: string;
}

export interface Service extends Stored {
  readonly Spec: ServiceSpec;
  readonly PreviousSpec?: ServiceSpec;
  readonly Endpoint?: Endpoint;
  readonly UpdateStatus?: UpdateStatus;
  readonly JobStatus?: JobStatus;
  /** 0 at creation; on an update the version number the client supplied. Tasks copy it. */
  readonly specVersion: number;
  readonly previousSpecVersion?: number;
}

export interface PortStatus {
  Ports?: PortConfig[];
}

export interface ContainerStatus {
  ContainerID: string;
  PID: number;
  ExitCode: number;
}

export interface TaskStatus {
  /** The reporter's time of this change. */
  Timestamp: string;
  State: TaskState;
  Message: string;
  Err?: string;
  ContainerStatus?: ContainerStatus;
  PortStatus: PortStatus;
  /** When the manager stored it. */
  appliedAt?: string;
}

export interface TaskNetworkAttachment {
  networkId: string;
  /** With prefix length: `10.0.0.5/24`; empty for a node-local network (host, bridge). */
  addresses: string[];
  aliases: string[];
}

export interface Task extends Stored {
  readonly Spec: TaskSpec;
  /** Empty for an attachment task. */
  readonly ServiceID: string;
  /** 1 and up for replicated services, 0 and up for replicated jobs, undefined for global ones. */
  readonly Slot?: number;
  readonly NodeID?: string;
  readonly Status: TaskStatus;
  readonly DesiredState: TaskState;
  readonly GenericResources?: GenericResource[];
  readonly JobIteration?: { Index: number };
  readonly attachments: readonly TaskNetworkAttachment[];
  /** Name and labels of the service when the task was made. */
  readonly serviceName: string;
  readonly serviceLabels: Labels;
  /** `Spec` of the service of this version; restarts and updates compare it before they compare anything else. */
  readonly specVersion: number;
  /** The service's EndpointSpec when the task was made, and the ports it was allocated. */
  readonly endpoint?: Endpoint;
  /** The spec's log driver, or the cluster's default when the task was made. */
  readonly logDriver?: Driver;
  /** Whether the task belongs to a service with one task a node. Its slot key is then its node. */
  readonly global: boolean;
}

export type NodeState = 'unknown' | 'down' | 'ready' | 'disconnected';

export interface NodeDescription {
  Hostname: string;
  Platform: { Architecture: string; OS: string };
  Resources: { NanoCPUs: number; MemoryBytes: number; GenericResources?: GenericResource[] };
  Engine: { EngineVersion: string; Labels?: Labels; Plugins: { Type: string; Name: string }[] };
  TLSInfo?: { TrustRoot: string; CertIssuerSubject: string; CertIssuerPublicKey: string };
}

export interface Node extends Stored {
  readonly Spec: NodeSpec;
  /** Absent until the node has registered for the first time. */
  readonly Description?: NodeDescription;
  readonly Status: { State: NodeState; Message?: string; Addr: string };
  readonly ManagerStatus?: { Leader?: boolean; Reachability: 'unknown' | 'unreachable' | 'reachable'; Addr: string };
  /** Where it listens, or would listen, as a manager: `10.10.10.100:2377`. */
  readonly managerAddress?: string;
  /** Set once a client has updated the node: it cannot say that the node is accepted, and Swarm then forgets that it was. */
  readonly isPending?: boolean;
  /** The role it really has; `Spec.Role` is the desired one. */
  readonly role: NodeRole;
  /** Promoted, but its machine has not come to take part among the managers: it has no vote, and no quorum needs it. */
  readonly isAwaited?: boolean;
  /** The node's own address on each network it takes part in: network ID to `10.0.0.2/24`. */
  readonly networkAddresses: Readonly<Record<string, string>>;
}

/** Whether a node has a vote among the managers. */
export function isMember(node: Node | undefined): boolean {
  return node?.role === 'manager' && node.isAwaited !== true;
}

export interface Network extends Stored {
  readonly Spec: NetworkSpec;
  /** Absent while the network could not be allocated. */
  readonly allocation?: {
    subnet: string;
    gateway: string;
    vni: number;
    /** Further subnets that were asked for. They are kept free and shown; addresses come from the first. */
    more?: { subnet: string; gateway: string }[];
  };
}

export interface Secret extends Stored {
  readonly Spec: SecretSpec;
}

export interface Config extends Stored {
  readonly Spec: ConfigSpec;
}

export interface Cluster extends Stored {
  readonly Spec: ClusterSpec;
  readonly RootRotationInProgress: boolean;
  readonly DefaultAddrPool: string[];
  readonly SubnetSize: number;
  readonly DataPathPort: number;
  readonly joinTokens: { Worker: string; Manager: string };
  /** PEM of the root certificate, and its key, with which nodes' certificates are signed. */
  readonly rootCa: { certificate: string; key: string };
  /** Empty while managers are not locked. */
  readonly unlockKey: string;
}

/** Every kind of object in the store, by the name of its table. */
export interface ObjectKinds {
  services: Service;
  tasks: Task;
  nodes: Node;
  networks: Network;
  secrets: Secret;
  configs: Config;
  clusters: Cluster;
}

export type ObjectKind = keyof ObjectKinds;
