import type { Clock, Disposable } from '../clock/clock.ts';
import type { Engine } from '../engine/engine.ts';
import type { LogSubscription, ManagerMessage } from '../orchestrator/dispatcher/protocol.ts';
import type { NodeDescription } from '../orchestrator/model/objects.ts';
import { NodeLogs } from './logs/log-subscription.ts';
import type { NodeNetwork } from './node-network.ts';
import { Heartbeat } from './session/heartbeat.ts';
import { describeNode } from './session/node-description.ts';
import { type ConnectManager, type ManagerConnection, SessionLoop } from './session/session-loop.ts';
import { StatusReporter } from './session/status-reporter.ts';
import { ContainerEvents } from './tasks/container-events.ts';
import type { LocalNode } from './tasks/expand-spec.ts';
import type { TaskFiles } from './tasks/task-files.ts';
import type { TaskJournal } from './tasks/task-journal.ts';
import type { TaskManager } from './tasks/task-manager.ts';
import { TaskWorker } from './tasks/task-worker.ts';

/** Milliseconds between two looks at whether the node still is what the manager was told. */
const DESCRIPTION_CHECK = 20_000;

export interface NodeAgentOptions {
  engine: Engine;
  network: NodeNetwork;
  clock: Clock;
  connect: ConnectManager;
  /** The node's address on the cluster's network. */
  address: string;
  /** Tells one time that the machine was switched on from another, where the manager cannot know. */
  boot?: string;
  files: TaskFiles;
  journal: TaskJournal;
  log: (message: string) => void;
}

/**
 * A node's share in the swarm: keeps a session with the manager, carries out what it assigns and reports what came of it. While
 * there is no session, whatever runs goes on running. The same on a real engine and on a simulated one.
 */
export class NodeAgent {
  readonly #options: NodeAgentOptions;
  readonly #events: ContainerEvents;
  readonly #worker: TaskWorker;
  readonly #reporter: StatusReporter;
  readonly #loop: SessionLoop;
  readonly #logs = new Map<string, NodeLogs>();
  #heartbeat: Heartbeat | undefined;
  #descriptionCheck: Disposable | undefined;
  #told: NodeDescription | undefined;
  #node: LocalNode | undefined;

  constructor(options: NodeAgentOptions) {
    const { clock, engine, log } = options;
    this.#options = options;
    this.#reporter = new StatusReporter(clock);
    this.#events = new ContainerEvents(engine, clock, log);
    this.#worker = new TaskWorker({
      ...options,
      events: this.#events,
      report: (taskId, status) => this.#reporter.report(taskId, status),
      assigned: (manager) => this.#followIfWanted(manager),
    });
    this.#loop = new SessionLoop({
      ...{ clock, log, connect: options.connect },
      handler: {
        opened: (connection) => this.#hello(connection),
        message: (connection, message) => this.#receive(connection, message),
        closed: () => this.#endSession(),
      },
    });
  }

  /** Whether a manager knows this node right now. */
  get hasSession(): boolean {
    return this.#heartbeat !== undefined;
  }

  start(): void {
    this.#events.start();
    this.#loop.start();
  }

  /** Ends the session and stops driving tasks; their containers go on running. */
  async close(): Promise<void> {
    this.#loop.close();
    this.#endSession();
    this.#events.close();
    await this.#worker.close();
  }

  async #hello(connection: ManagerConnection): Promise<void> {
    const description = describeNode(await this.#options.engine.info());
    this.#told = description;
    // Which node this is in the swarm the other end knows from the credential.
    const { address, boot } = this.#options;
    connection.send({ type: 'hello', nodeId: '', description, address, ...(boot !== undefined && { boot }) });
  }

  #receive(connection: ManagerConnection, message: ManagerMessage): void {
    switch (message.type) {
      case 'session':
        this.#beginSession(connection, message.node.ID, message.heartbeatPeriod);
        break;
      case 'heartbeat-ack':
        this.#heartbeat?.expectWithin(message.period);
        break;
      case 'assignments':
        if (this.#node !== undefined) void this.#worker.assign(message.changes, message.mode, this.#node);
        break;
      case 'network':
        this.#attempt('network', this.#options.network.apply(message.state));
        break;
      case 'subscribe':
        this.#subscribe(connection, message.subscription);
        break;
      case 'unsubscribe':
        this.#logs.get(message.subscriptionId)?.close();
        this.#logs.delete(message.subscriptionId);
        break;
      case 'log-taken':
        this.#logs.get(message.subscriptionId)?.taken(message.bytes);
        break;
      case 'left':
        this.#leave();
        break;
    }
  }

  #beginSession(connection: ManagerConnection, nodeId: string, heartbeatPeriod: number): void {
    const { clock } = this.#options;
    if (this.#told === undefined) return;
    this.#node = { id: nodeId, description: this.#told };
    this.#loop.settled();
    this.#heartbeat = new Heartbeat({
      clock,
      beat: () => connection.send({ type: 'heartbeat' }),
      unanswered: () => connection.close('the manager does not answer'),
    });
    this.#heartbeat.expectWithin(heartbeatPeriod);
    this.#reporter.connect((updates) => connection.send({ type: 'task-status', updates }));
    // The manager may never have heard of what happened while there was no session.
    for (const { taskId, status } of this.#worker.statuses()) this.#reporter.report(taskId, status);
    this.#watchDescription(connection);
  }

  #endSession(): void {
    this.#heartbeat?.stop();
    this.#heartbeat = undefined;
    this.#descriptionCheck?.dispose();
    this.#reporter.disconnect();
    for (const logs of this.#logs.values()) logs.close();
    this.#logs.clear();
  }

  #leave(): void {
    this.#node = undefined;
    this.#attempt(
      'leaving',
      this.#worker.leave().then(() => this.#options.network.clear()),
    );
  }

  #watchDescription(connection: ManagerConnection): void {
    this.#descriptionCheck = this.#options.clock.after(DESCRIPTION_CHECK, async () => {
      try {
        const description = describeNode(await this.#options.engine.info());
        if (JSON.stringify(description) !== JSON.stringify(this.#told)) {
          this.#told = description;
          if (this.#node !== undefined) this.#node = { ...this.#node, description };
          connection.send({ type: 'description', description });
        }
      } catch (error) {
        this.#options.log(`describing the node: ${error instanceof Error ? error.message : String(error)}`);
      }
      if (this.#heartbeat !== undefined) this.#watchDescription(connection);
    });
  }

  #subscribe(connection: ManagerConnection, subscription: LogSubscription): void {
    const { engine, clock, log } = this.#options;
    const logs = new NodeLogs({
      ...{ subscription, engine, clock, log, events: this.#events, nodeId: this.#node?.id ?? '' },
      send: (message) => connection.send(message),
    });
    this.#logs.get(subscription.id)?.close();
    this.#logs.set(subscription.id, logs);
    for (const manager of this.#worker.managers()) if (logs.wants(manager.task)) logs.add(sourceOf(manager));
    if (!subscription.options.follow) void logs.finish().then(() => this.#logs.delete(subscription.id));
  }

  #followIfWanted(manager: TaskManager): void {
    for (const logs of this.#logs.values()) if (logs.wants(manager.task)) logs.add(sourceOf(manager));
  }

  #attempt(what: string, work: Promise<void>): void {
    work.catch((error: unknown) => {
      this.#options.log(`${what}: ${error instanceof Error ? error.message : String(error)}`);
    });
  }
}

function sourceOf(manager: TaskManager): { task: TaskManager['task']; containerName: string } {
  return { task: manager.task, containerName: manager.controller.containerName };
}
