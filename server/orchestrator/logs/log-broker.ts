import type { Disposable } from '../../clock/clock.ts';
import type { SessionListener } from '../dispatcher/dispatcher.ts';
import type { AgentMessage, LogMessage, LogOptions, ManagerMessage } from '../dispatcher/protocol.ts';
import { newId } from '../model/ids.ts';
import type { Store, StoreEvent } from '../store/store.ts';
import type { LogBrokerPart, LogSelector } from '../swarm-parts.ts';
import { LogQueue } from './log-queue.ts';
import { LogSubscription } from './log-subscription.ts';
import { TakenBytes } from './taken-bytes.ts';

/** What the broker needs of the dispatcher. */
export interface AgentSessions {
  isConnected(nodeId: string): boolean;
  send(nodeId: string, message: ManagerMessage): void;
  listen(listener: SessionListener): Disposable;
}

export interface LogBrokerOptions {
  store: Store;
  sessions: AgentSessions;
  newId?: () => string;
}

interface Reader {
  readonly subscription: LogSubscription;
  readonly queue: LogQueue;
  /** Nodes that hold back what is too far ahead of the reader. */
  readonly windowed: Set<string>;
}

/** Asks the nodes that have tasks of a service for their logs, and passes on what they give: per task in order, else as it comes. */
export class LogBroker implements LogBrokerPart {
  readonly #store: Store;
  readonly #sessions: AgentSessions;
  readonly #newId: () => string;
  readonly #readers = new Map<string, Reader>();
  #watch: Disposable | undefined;
  #listening: Disposable | undefined;

  constructor(options: LogBrokerOptions) {
    this.#store = options.store;
    this.#sessions = options.sessions;
    this.#newId = options.newId ?? newId;
  }

  start(): void {
    this.#watch = this.#store.watch((events) => this.#observe(events));
    this.#listening = this.#sessions.listen({
      onSession: (nodeId, connected) => (connected ? this.#nodeConnected(nodeId) : this.#nodeLost(nodeId)),
      onMessage: (nodeId, message) => this.#receive(nodeId, message),
    });
  }

  dispose(): void {
    this.#watch?.dispose();
    this.#listening?.dispose();
    for (const { queue } of this.#readers.values()) queue.end();
    this.#readers.clear();
  }

  subscribe(selector: LogSelector, options: LogOptions, signal: AbortSignal): AsyncIterable<LogMessage> {
    const id = this.#newId();
    const subscription = new LogSubscription(id, selector, options);
    const leave = () => this.#leave(id);
    const windowed = new Set<string>();
    const taken = new TakenBytes((nodeId, bytes) => {
      if (windowed.has(nodeId)) this.#sessions.send(nodeId, { type: 'log-taken', subscriptionId: id, bytes });
    });
    const queue = new LogQueue(
      () => {
        signal.removeEventListener('abort', leave);
        leave();
      },
      ({ nodeId, data }) => taken.add(nodeId, data.length),
    );
    if (signal.aborted) {
      queue.end();
      return queue;
    }
    const reader = { subscription, queue, windowed };
    this.#readers.set(id, reader);
    signal.addEventListener('abort', leave, { once: true });
    for (const nodeId of subscription.begin(this.#store)) this.#ask(reader, nodeId);
    this.#endIfComplete(reader);
    return queue;
  }

  #ask({ subscription }: Reader, nodeId: string): void {
    if (this.#sessions.isConnected(nodeId))
      this.#sessions.send(nodeId, { type: 'subscribe', subscription: subscription.message });
    else subscription.done(nodeId, `node ${nodeId} is not available`);
  }

  #endIfComplete({ subscription, queue }: Reader): void {
    if (!subscription.isComplete) return;
    this.#readers.delete(subscription.message.id);
    queue.end(subscription.error());
  }

  /** The reader wants no more. */
  #leave(id: string): void {
    const reader = this.#readers.get(id);
    if (reader === undefined) return;
    this.#readers.delete(id);
    reader.queue.end();
    for (const node of this.#store.nodes.all())
      if (reader.subscription.concerns(node.ID))
        this.#sessions.send(node.ID, { type: 'unsubscribe', subscriptionId: id });
  }

  #receive(nodeId: string, message: AgentMessage): void {
    if (message.type !== 'log' && message.type !== 'log-done') return;
    const reader = this.#readers.get(message.subscriptionId);
    if (reader === undefined || !reader.subscription.concerns(nodeId)) return;
    if (message.type === 'log') {
      if (message.windowed) reader.windowed.add(nodeId);
      reader.queue.push(message.messages);
    } else {
      reader.subscription.done(nodeId, message.error);
      this.#endIfComplete(reader);
    }
  }

  #nodeConnected(nodeId: string): void {
    for (const reader of this.#readers.values())
      if (reader.subscription.follows && reader.subscription.concerns(nodeId)) this.#ask(reader, nodeId);
  }

  #nodeLost(nodeId: string): void {
    for (const reader of [...this.#readers.values()]) {
      if (!reader.subscription.waitingFor(nodeId)) continue;
      reader.subscription.done(nodeId, `node ${nodeId} disconnected unexpectedly`);
      this.#endIfComplete(reader);
    }
  }

  #observe(events: readonly StoreEvent[]): void {
    if (this.#readers.size === 0) return;
    for (const event of events) {
      if (event.kind !== 'tasks' || event.action === 'remove') continue;
      for (const reader of this.#readers.values()) {
        if (!reader.subscription.follows) continue;
        const nodeId = reader.subscription.observe(event.object);
        if (nodeId !== undefined) this.#ask(reader, nodeId);
      }
    }
  }
}
