import type { Config, Node, NodeDescription, Secret, Task, TaskStatus } from '../model/objects.ts';
import type { NetworkSpec } from '../model/specs.ts';

/**
 * What dispatcher and agent say to each other, over a WebSocket (Docker-in-Docker nodes) or in memory (embedded nodes).
 * One connection is one session. The agent speaks first, with `hello`; the manager answers `session` and then complete assignments.
 */
export type AgentMessage =
  /** `boot` is another one each time the machine was switched on; absent where the manager hears of that in another way. */
  | { type: 'hello'; nodeId: string; description: NodeDescription; address: string; boot?: string }
  | { type: 'heartbeat' }
  | { type: 'description'; description: NodeDescription }
  | { type: 'task-status'; updates: { taskId: string; status: TaskStatus }[] }
  /** `windowed`: the node holds back what is too far ahead of the reader, and wants to hear what was taken. */
  | { type: 'log'; subscriptionId: string; messages: LogMessage[]; windowed?: boolean }
  /** The node has nothing more to give for this subscription; `error` says what it could not give. */
  | { type: 'log-done'; subscriptionId: string; error?: string };

export type ManagerMessage =
  | { type: 'session'; sessionId: string; node: Node; heartbeatPeriod: number }
  /** Milliseconds until the next heartbeat is expected at the latest. */
  | { type: 'heartbeat-ack'; period: number }
  /** `complete`: everything this node has to have, all else is to be removed. `incremental`: changes since the last one. */
  | { type: 'assignments'; mode: 'complete' | 'incremental'; changes: Assignments }
  | { type: 'network'; state: NodeNetworkState }
  | { type: 'subscribe'; subscription: LogSubscription }
  | { type: 'unsubscribe'; subscriptionId: string }
  /** The reader has taken so much more of what this node sent, counted in characters of `data`. */
  | { type: 'log-taken'; subscriptionId: string; bytes: number }
  /** The node is no longer part of the swarm: stop and remove every task, forget the session. */
  | { type: 'left'; reason: string };

export interface Assignments {
  tasks: Task[];
  secrets: Secret[];
  configs: Config[];
  removedTasks: string[];
  removedSecrets: string[];
  removedConfigs: string[];
}

export interface LogSubscription {
  id: string;
  taskIds: string[];
  serviceIds: string[];
  options: LogOptions;
}

export interface LogOptions {
  stdout: boolean;
  stderr: boolean;
  follow: boolean;
  /** RFC 3339, or undefined for all there is. */
  since?: string;
  /** Lines a task, -1 for all. */
  tail: number;
}

export interface LogMessage {
  taskId: string;
  nodeId: string;
  serviceId: string;
  stream: 'stdout' | 'stderr';
  /** RFC 3339 with nine fractional digits. */
  timestamp: string;
  attributes: Record<string, string>;
  /** One line with its newline, base64: it may be any bytes. */
  data: string;
}

/** All a node has to know to carry the cluster's networks. Always sent whole; the node replaces what it had in one go. */
export interface NodeNetworkState {
  nodeId: string;
  overlays: OverlayState[];
  /** The swarm's mirrors of the node's own networks, to which a task may be attached without an address. */
  nodeLocal: { id: string; name: 'bridge' | 'host' }[];
  published: PublishedPortState[];
}

export interface OverlayState {
  id: string;
  createdAt: string;
  spec: NetworkSpec;
  subnet: string;
  gateway: string;
  vni: number;
  /** Further subnets of the network, which are shown and otherwise unused. */
  more?: { subnet: string; gateway: string }[];
  /** The node's own address in the overlay, with prefix length: its load-balancer endpoint. */
  nodeAddress: string;
  /** Every node that takes part, this one included. */
  peers: { nodeId: string; address: string; overlayAddress: string }[];
  /** Every task (and attached container) on this overlay that is not terminal. */
  endpoints: OverlayEndpoint[];
  services: OverlayService[];
}

export interface OverlayEndpoint {
  taskId: string;
  /** `web.1.<task id>`, the container's name. */
  name: string;
  /**
   * Further names of the container alone: its short ID (once it is known), the hostname its spec gives it, and what a plain container
   * was attached with.
   */
  aliases: string[];
  serviceId: string;
  /** With prefix length. */
  address: string;
  nodeId: string;
  /** The node's address on the underlay. */
  nodeAddress: string;
  /** Running (and healthy) and meant to be: it is in DNS and takes connections. */
  active: boolean;
}

export interface OverlayService {
  id: string;
  name: string;
  /** Without prefix length; absent for dnsrr. */
  vip?: string;
  /** Names besides the service's own that lead to it on this network. */
  aliases: string[];
  /** Addresses of active tasks on this network, without prefix length, sorted by slot. */
  backends: string[];
}

export interface PublishedPortState {
  protocol: 'tcp' | 'udp' | 'sctp';
  publishedPort: number;
  targetPort: number;
  serviceId: string;
  serviceName: string;
  /** Ingress addresses of active tasks, without prefix length. */
  backends: string[];
}

/** One end of a session, whatever carries it. Messages arrive in order; `onClose` is called once. */
export interface Connection<Incoming, Outgoing> {
  send(message: Outgoing): void;
  onMessage(listener: (message: Incoming) => void): void;
  onClose(listener: (reason: string) => void): void;
  close(reason: string): void;
}
