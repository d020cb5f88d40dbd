import { setMaxListeners } from 'node:events';
import type { Clock, Disposable } from '../../clock/clock.ts';
import { parseTimestamp } from '../../clock/clock.ts';
import { type Engine, EngineError } from '../../engine/engine.ts';
import type { AgentMessage, LogMessage, LogSubscription } from '../../orchestrator/dispatcher/protocol.ts';
import type { Task } from '../../orchestrator/model/objects.ts';
import type { ContainerEvents } from '../tasks/container-events.ts';
import { RateLimit } from './rate-limit.ts';
import { SendWindow } from './send-window.ts';

/** Lines travel together when they come this close to each other (milliseconds), up to so many. */
const GATHER = 10;
const LARGEST_BATCH = 200;

/** A task with the container that its lines come from. */
export interface LogSource {
  task: Task;
  containerName: string;
}

export interface LogSubscriptionOptions {
  subscription: LogSubscription;
  engine: Engine;
  events: ContainerEvents;
  clock: Clock;
  nodeId: string;
  send: (message: AgentMessage) => void;
  log: (message: string) => void;
}

/** What one reader of logs gets from this node. */
export class NodeLogs {
  readonly #options: LogSubscriptionOptions;
  readonly #closed = new AbortController();
  readonly #sources = new Map<string, Promise<void>>();
  readonly #window = new SendWindow();
  #gathered: LogMessage[] = [];
  #timer: Disposable | undefined;

  constructor(options: LogSubscriptionOptions) {
    // Each task that is followed listens for the end.
    setMaxListeners(0, this.#closed.signal);
    this.#options = options;
  }

  /** Whether the subscription asks for this task. */
  wants(task: Task): boolean {
    const { taskIds, serviceIds } = this.#options.subscription;
    return taskIds.includes(task.ID) || serviceIds.includes(task.ServiceID);
  }

  /** Begins to read a task's log. */
  add(source: LogSource): void {
    if (!this.#sources.has(source.task.ID)) this.#sources.set(source.task.ID, this.#read(source));
  }

  /** Waits until every task's log is at its end, and says so. One that is followed has no end. */
  async finish(): Promise<void> {
    await Promise.all(this.#sources.values());
    if (this.#closed.signal.aborted) return;
    this.#flush();
    const { send, subscription } = this.#options;
    send({ type: 'log-done', subscriptionId: subscription.id });
  }

  /** The reader has taken so much more of what was sent. */
  taken(bytes: number): void {
    this.#window.taken(bytes);
  }

  close(): void {
    this.#closed.abort();
    this.#window.open();
    this.#timer?.dispose();
  }

  /**
   * Reads to the end. A container that is gone has nothing to say, and neither has one whose log driver cannot be read: a Swarm's agent
   * keeps to itself what goes wrong here.
   */
  async #read({ task, containerName }: LogSource): Promise<void> {
    const { engine, clock, subscription, log } = this.#options;
    const { stdout, stderr, follow, since, tail } = subscription.options;
    const { signal } = this.#closed;
    try {
      if (follow) await this.#started(task.ID, containerName);
      const limit = new RateLimit(clock);
      const lines = engine.containerLogs(containerName, {
        ...{ stdout, stderr, follow, signal },
        ...(since !== undefined && { since: parseTimestamp(since) / 1000 }),
        ...(tail >= 0 && { tail }),
      });
      for await (const { stream, timestamp, attributes, line } of lines) {
        if (signal.aborted) return;
        const data = Buffer.from(line).toString('base64');
        this.#gather({ ...this.#origin(task), stream, timestamp, attributes, data });
        await limit.take(line.length);
        await this.#window.room();
      }
    } catch (error) {
      if (signal.aborted || (error instanceof EngineError && error.status === 404)) return;
      log(`logs of ${containerName}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #origin(task: Task): Pick<LogMessage, 'taskId' | 'nodeId' | 'serviceId'> {
    return { taskId: task.ID, serviceId: task.ServiceID, nodeId: this.#options.nodeId };
  }

  /** Resolves once the container has been started, be it long ago; before that the engine would end the log at once. */
  async #started(taskId: string, containerName: string): Promise<void> {
    const { engine, events } = this.#options;
    const { signal } = this.#closed;
    let wake = () => {};
    let hasStarted = false;
    const subscription = events.listen(taskId, (change) => {
      if (change.kind === 'event' && change.event.Action === 'start') hasStarted = true;
      wake();
    });
    const onAbort = () => wake();
    signal.addEventListener('abort', onAbort);
    try {
      while (!hasStarted && !(await exists(engine, containerName))) {
        signal.throwIfAborted();
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
      subscription.dispose();
    }
  }

  #gather(message: LogMessage): void {
    this.#gathered.push(message);
    if (this.#gathered.length >= LARGEST_BATCH) this.#flush();
    else this.#timer ??= this.#options.clock.after(GATHER, () => this.#flush());
  }

  #flush(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    const messages = this.#gathered;
    this.#gathered = [];
    const { send, subscription } = this.#options;
    if (messages.length === 0) return;
    for (const { data } of messages) this.#window.sent(data.length);
    send({ type: 'log', subscriptionId: subscription.id, messages, windowed: true });
  }
}

/** Whether there is such a container and it has ever run. */
async function exists(engine: Engine, name: string): Promise<boolean> {
  try {
    return (await engine.inspectContainer(name)).State.Status !== 'created';
  } catch (error) {
    if (error instanceof EngineError) return false;
    throw error;
  }
}
