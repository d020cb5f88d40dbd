import type { NodeNetworkState } from '../orchestrator/dispatcher/protocol.ts';
import type { Task } from '../orchestrator/model/objects.ts';

/** The node has no address on a network of the task: in a Swarm, that ends the task even when it is called to something else meanwhile. */
export class MissingAttachments extends Error {
  constructor() {
    super('node is missing network attachments, ip addresses may be exhausted');
    this.name = 'MissingAttachments';
  }
}

/** One network in the body of POST /containers/create, as the engine takes it under NetworkingConfig.EndpointsConfig. */
export interface EndpointSettings {
  IPAMConfig?: { IPv4Address?: string };
  MacAddress?: string;
  Aliases?: string[];
  DriverOpts?: Record<string, string>;
}

/** How a task's container is put on its networks when it is created. */
export interface TaskNetworking {
  /** HostConfig.NetworkMode: the engine's name or ID of the first network, `host`, or `default` for the node's own bridge. */
  networkMode: string;
  /** NetworkingConfig.EndpointsConfig: the engine's name or ID of the network to the endpoint the task has there. */
  endpoints: Record<string, EndpointSettings>;
  /** Name servers, search domains and options for a container whose spec names none. */
  dns?: { nameservers?: string[]; search?: string[]; options?: string[] };
}

/**
 * The node's share in the cluster's networks. The agent hands it what the manager says and asks it where a container belongs;
 * how bridges, tunnels, rules and names come about is its own affair. Every method may be called again with the same arguments.
 */
export interface NodeNetwork {
  /**
   * Carries out what the manager says about the cluster's networks; `state` is whole, what it does not name goes away (a network that
   * still has containers: once they are gone). Resolves when rules and names are in force. Calls may overlap: the last one wins.
   */
  apply(state: NodeNetworkState): Promise<void>;
  /**
   * Waits until every overlay of the task is there on this node, and tells how to attach its container. Rejects with
   * MissingAttachments after 30 s, or when the signal aborts before the manager has given the node an address there; when it aborts
   * later, with the signal's own reason.
   */
  attachmentFor(task: Task, signal: AbortSignal): Promise<TaskNetworking>;
  /** The task runs (and is healthy): it may be found by name and take connections on this node. */
  activate(task: Task, containerId: string): Promise<void>;
  /** The task is about to be stopped: no new connections for it from this node on. */
  deactivate(task: Task): Promise<void>;
  /** The task's container is gone or has ended for good; networks that nobody uses here any more may go. */
  release(task: Task): Promise<void>;
  /** The node is no longer part of the swarm: every network, rule, port and name of the cluster goes. */
  clear(): Promise<void>;
}
