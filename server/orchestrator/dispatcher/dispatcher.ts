import type { Clock, Disposable } from '../../clock/clock.ts';
import { newId } from '../model/ids.ts';
import type { Node, NodeDescription, NodeState } from '../model/objects.ts';
import { sameSpec } from '../services/same-spec.ts';
import type { Store, StoreEvent } from '../store/store.ts';
import type { DispatcherPart } from '../swarm-parts.ts';
import { NodeLiveness } from './node-liveness.ts';
import { NodeNetworks } from './node-network.ts';
import { Orphanage } from './orphanage.ts';
import type { AgentMessage, Connection, ManagerMessage, NodeNetworkState } from './protocol.ts';
import { RegistrationLimit } from './registration-limit.ts';
import { Session } from './session.ts';
import { TaskStatusBatch } from './task-status-batch.ts';

/** Nanoseconds between heartbeats where the cluster does not say. */
const DEFAULT_HEARTBEAT_PERIOD = 5e9;
const TAKEN_OVER = 'Node moved to "unknown" state due to leadership change in cluster';

export interface DispatcherOptions {
  store: Store;
  clock: Clock;
  /** From 0 to 1; varies heartbeat periods. */
  random?: () => number;
  newId?: () => string;
  /** Whether nodes are told of the cluster's networks; without, they can carry none. */
  networks?: boolean;
}

/** What an agent says that is not the dispatcher's own business, and sessions as they come and go. */
export interface SessionListener {
  onSession?(nodeId: string, connected: boolean): void;
  onMessage?(nodeId: string, message: AgentMessage): void;
}

/**
 * Speaks with the agents: knows which nodes are alive, tells each what it is assigned, and stores what they report. A node whose
 * connection breaks stays ready until its heartbeats have been missing for long enough.
 */
export class Dispatcher implements DispatcherPart {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #newId: () => string;
  readonly #liveness: NodeLiveness;
  readonly #orphanage: Orphanage;
  readonly #limit: RegistrationLimit;
  readonly #statuses: TaskStatusBatch;
  readonly #networks: NodeNetworks | undefined;
  readonly #sessions = new Map<string, Session>();
  readonly #listeners = new Set<SessionListener>();
  #watch: Disposable | undefined;

  constructor(options: DispatcherOptions) {
    this.#store = options.store;
    this.#clock = options.clock;
    this.#newId = options.newId ?? newId;
    this.#orphanage = new Orphanage(this.#store, this.#clock);
    this.#limit = new RegistrationLimit(this.#clock);
    this.#statuses = new TaskStatusBatch(this.#store, this.#clock);
    if (options.networks ?? true) {
      const send = (nodeId: string, state: NodeNetworkState) => this.send(nodeId, { type: 'network', state });
      const isConnected = (nodeId: string) => this.isConnected(nodeId);
      this.#networks = new NodeNetworks({ store: this.#store, clock: this.#clock, isConnected, send });
    }
    this.#liveness = new NodeLiveness({
      clock: this.#clock,
      random: options.random ?? Math.random,
      period: () => this.#heartbeatPeriod(),
      onExpired: (nodeId, message) => this.#nodeDown(nodeId, message),
    });
  }

  /** Nobody knows how the nodes are when a manager takes over: each has to show up in good time. */
  start(): void {
    this.#watch = this.#store.watch((events) => this.#observe(events));
    this.#networks?.start();
    for (const node of [...this.#store.nodes.all()]) {
      if (node.Status.State === 'down') this.#orphanage.nodeDown(node.ID);
      else {
        this.#setStatus(node.ID, 'unknown', TAKEN_OVER);
        this.#liveness.expectAfterTakeover(node.ID);
      }
    }
  }

  dispose(): void {
    this.#watch?.dispose();
    this.#networks?.dispose();
    this.#liveness.dispose();
    this.#orphanage.dispose();
    this.#statuses.dispose();
    for (const session of [...this.#sessions.values()]) session.close('the manager stops');
    this.#sessions.clear();
  }

  /** Tells a part that works with sessions of what happens to them. */
  listen(listener: SessionListener): Disposable {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  isConnected(nodeId: string): boolean {
    return this.#sessions.has(nodeId);
  }

  /** Sends to the agent of a node, if it is connected. */
  send(nodeId: string, message: ManagerMessage): void {
    this.#sessions.get(nodeId)?.send(message);
  }

  connect(connection: Connection<AgentMessage, ManagerMessage>): void {
    let session: Session | undefined;
    connection.onClose(() => {
      if (session !== undefined) this.#drop(session);
    });
    connection.onMessage((message) => {
      if (session === undefined) {
        if (message.type === 'hello') session = this.#register(message, connection);
        else connection.close('the first message has to be hello');
      } else if (this.#sessions.get(session.nodeId) === session) this.#receive(session, message);
    });
  }

  dismiss(nodeId: string, reason: string): void {
    this.#liveness.forget(nodeId);
    this.#orphanage.nodeBack(nodeId);
    this.#limit.forget(nodeId);
    const session = this.#sessions.get(nodeId);
    if (session === undefined) return;
    session.send({ type: 'left', reason });
    session.close(reason);
    this.#drop(session);
  }

  #register(
    hello: Extract<AgentMessage, { type: 'hello' }>,
    connection: Connection<AgentMessage, ManagerMessage>,
  ): Session | undefined {
    const { nodeId, description, address } = hello;
    const node = this.#store.nodes.get(nodeId);
    if (node === undefined) {
      const reason = `node ${nodeId} not found`;
      connection.send({ type: 'left', reason });
      connection.close(reason);
      return undefined;
    }
    if (this.#limit.exceededBy(nodeId)) {
      connection.close(`node ${nodeId} exceeded rate limit count of registrations`);
      return undefined;
    }
    const previous = this.#sessions.get(nodeId);
    if (previous !== undefined) {
      previous.close('the node has registered again');
      this.#drop(previous);
    }
    this.#orphanage.nodeBack(nodeId);
    const ready = this.#markReady(node, description, address);
    const session = new Session({ store: this.#store, clock: this.#clock, id: this.#newId(), nodeId, connection });
    this.#sessions.set(nodeId, session);
    session.open(ready, this.#liveness.beat(nodeId));
    this.#networks?.sendTo(nodeId);
    for (const listener of this.#listeners) listener.onSession?.(nodeId, true);
    return session;
  }

  #receive(session: Session, message: AgentMessage): void {
    const { nodeId } = session;
    switch (message.type) {
      case 'heartbeat':
        session.send({ type: 'heartbeat-ack', period: this.#liveness.beat(nodeId) });
        break;
      case 'task-status':
        for (const { taskId, status } of message.updates) this.#statuses.report(nodeId, taskId, status);
        break;
      case 'description':
        this.#describe(nodeId, message.description);
        break;
      default:
        for (const listener of this.#listeners) listener.onMessage?.(nodeId, message);
    }
  }

  #drop(session: Session): void {
    session.dispose();
    if (this.#sessions.get(session.nodeId) !== session) return;
    this.#sessions.delete(session.nodeId);
    for (const listener of this.#listeners) listener.onSession?.(session.nodeId, false);
  }

  #observe(events: readonly StoreEvent[]): void {
    for (const event of events) {
      if (event.kind === 'tasks') {
        if (event.object.NodeID === undefined) continue;
        this.#sessions.get(event.object.NodeID)?.observe(event.object, event.action === 'remove');
      } else if (event.kind === 'nodes' && event.action === 'remove')
        this.dismiss(event.object.ID, 'the node was removed from the swarm');
    }
  }

  #nodeDown(nodeId: string, message: string): void {
    this.#setStatus(nodeId, 'down', message);
    this.#orphanage.nodeDown(nodeId);
    const session = this.#sessions.get(nodeId);
    if (session === undefined) return;
    session.close(message);
    this.#drop(session);
  }

  #setStatus(nodeId: string, State: NodeState, Message: string): void {
    const node = this.#store.nodes.get(nodeId);
    if (node === undefined || (node.Status.State === State && node.Status.Message === Message)) return;
    const Status = { ...node.Status, State, Message };
    this.#store.update((transaction) => transaction.update('nodes', { ...node, Status }));
  }

  #markReady(node: Node, description: NodeDescription, address: string): Node {
    const Status = { State: 'ready', Addr: address } as const;
    const Description = { TLSInfo: node.Description?.TLSInfo, ...description };
    if (sameSpec(node.Status, Status) && sameSpec(node.Description, Description)) return node;
    return this.#store.update((transaction) => transaction.update('nodes', { ...node, Status, Description }));
  }

  #describe(nodeId: string, description: NodeDescription): void {
    const node = this.#store.nodes.get(nodeId);
    const Description = { TLSInfo: node?.Description?.TLSInfo, ...description };
    if (node === undefined || sameSpec(node.Description, Description)) return;
    this.#store.update((transaction) => transaction.update('nodes', { ...node, Description }));
  }

  #heartbeatPeriod(): number {
    const [cluster] = this.#store.clusters.all();
    return (cluster?.Spec.Dispatcher.HeartbeatPeriod || DEFAULT_HEARTBEAT_PERIOD) / 1e6;
  }
}
