import type { ControlApi } from '../api/control-api.ts';
import type { NodeRole } from '../model/specs.ts';

/** What Docker calls LocalNodeState: `locked` is a manager that has restarted and waits for its unlock key. */
export type LocalNodeState = 'inactive' | 'pending' | 'active' | 'error' | 'locked';

/** The `Swarm` section of /info. Printed as it stands; absent keys are absent in Docker's answer too. */
export interface SwarmInfo {
  NodeID: string;
  NodeAddr: string;
  LocalNodeState: LocalNodeState;
  ControlAvailable: boolean;
  Error: string;
  RemoteManagers: { NodeID: string; Addr: string }[] | null;
  Nodes?: number;
  Managers?: number;
  Cluster?: Record<string, unknown>;
  Warnings?: string[];
}

/** A network on which a plain container was given an address. */
export interface NetworkAttachment {
  /** The attachment task; it lives until the network is detached. */
  taskId: string;
  networkId: string;
  networkName: string;
  /** With prefix length: `10.0.1.7/24`. */
  address: string;
}

export interface AttachmentOptions {
  /** Without prefix length; absent: the next free one. */
  address?: string;
  names: string[];
}

/**
 * A machine that can be in a swarm, as its own Docker daemon would know it: what the gateway of that machine asks. Methods throw
 * ControlError with Docker's texts.
 */
export interface SwarmMachine {
  readonly name: string;
  readonly hostname: string;

  state(): LocalNodeState;
  /** The role the machine has in its swarm; undefined outside of one. */
  role(): NodeRole | undefined;
  /** The node's ID in the swarm; empty outside of one. */
  nodeId(): string;
  /** The Swarm section of /info. */
  info(): SwarmInfo;

  /** POST /swarm/init; gives the new node's ID. */
  init(body: unknown): Promise<string>;
  /** POST /swarm/join; resolves when the node is part of the swarm, rejects with 503 when that took more than 20 s. */
  join(body: unknown): Promise<void>;
  /** POST /swarm/leave. */
  leave(options?: { force?: boolean }): Promise<void>;
  /** POST /swarm/unlock. */
  unlock(body: unknown): Promise<void>;

  /**
   * Resolves at once, or while managers elect a leader when there is one: until then a daemon keeps its clients waiting. Rejects with 500
   * when that takes longer than a request may.
   */
  whenElected(): Promise<void>;
  /** Resolves when the managers can agree upon a change; rejects with 500 when the leader waits for them in vain. */
  whenAgreed(): Promise<void>;

  /**
   * The control API, if this machine is a manager that can answer; else throws: 503 for a machine outside a swarm, a worker or a
   * locked manager, 500 when the swarm has no leader.
   */
  control(): ControlApi;

  /**
   * Attaches a plain container to an attachable overlay (by ID or name), as `docker run --network` does; works on workers too.
   * `address` asks for a certain one; `names` (the container's first, then its aliases) lead to it on the network. Rejects with 403
   * when the network is not attachable.
   */
  attachNetwork(target: string, containerId: string, options: AttachmentOptions): Promise<NetworkAttachment>;
  /** Ends the attachment of that container to that network; none is fine. */
  detachNetwork(target: string, containerId: string): Promise<void>;
}
