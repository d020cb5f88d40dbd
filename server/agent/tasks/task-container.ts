import { type ContainerInspect, type Engine, EngineError, EngineUnreachable } from '../../engine/engine.ts';
import type { ContainerStatus, PortStatus } from '../../orchestrator/model/objects.ts';
import { portStatus } from './container-config.ts';
import type { ContainerEvents } from './container-events.ts';
import { ContainerWatch } from './container-watch.ts';

export interface TaskContainerOptions {
  engine: Engine;
  events: ContainerEvents;
  taskId: string;
  /** The task's name, under which the container is found again by any later agent. */
  name: string;
  /** Whether it publishes ports of its own, which the engine may choose. */
  hasPorts: boolean;
}

/** One task's container on the engine, with what is known of it. */
export class TaskContainer {
  readonly name: string;
  readonly watch: ContainerWatch;
  status: ContainerStatus = { ContainerID: '', PID: 0, ExitCode: 0 };
  ports: PortStatus = {};
  /** Made just now by this agent, so that nobody can have started it before. */
  isFresh = false;
  /** Known to have been started, by whomever. */
  hasStarted = false;
  readonly #options: TaskContainerOptions;

  constructor(options: TaskContainerOptions) {
    this.#options = options;
    this.name = options.name;
    this.watch = new ContainerWatch(options);
  }

  /**
   * Creates it from the body of POST /containers/create. Gives its ID, or undefined when it was there already: then an earlier agent
   * made it.
   */
  async create(body: Record<string, unknown>): Promise<string | undefined> {
    try {
      const { Id } = await this.#options.engine.createContainer(this.name, body);
      this.status = { ContainerID: Id, PID: 0, ExitCode: 0 };
      this.isFresh = true;
      return Id;
    } catch (error) {
      if (!(error instanceof EngineError) || error.status !== 409) throw error;
      if ((await this.inspect()) === undefined) throw error;
      return undefined;
    }
  }

  /** Starts it unless it ever was started, and looks at what has become of it. Rejects with Swarm's text. */
  async start(): Promise<void> {
    const known = this.isFresh ? undefined : await this.inspect();
    // Should the engine go away now, it is not known any more whether the container ever ran.
    this.isFresh = false;
    if (known === undefined || known.State.Status === 'created') await this.#start();
    this.hasStarted = true;
    await this.inspect();
  }

  /** Whether it runs, as far as is known; asks the engine where an earlier agent may have started it. */
  async isRunning(): Promise<boolean> {
    if (!this.hasStarted && !this.isFresh) this.hasStarted = (await this.inspect())?.State.Running ?? false;
    return this.hasStarted && this.watch.ending === undefined;
  }

  /** Stops it, with SIGKILL after `graceSeconds` (undefined: its own); one that does not run, or is gone, is stopped. */
  async stop(graceSeconds: number | undefined): Promise<void> {
    await ignoring([304, 404], this.#options.engine.stopContainer(this.#id, graceSeconds));
    if (this.hasStarted) await this.inspect();
  }

  /** Removes it with its anonymous volumes, running or not; none is fine. */
  async remove(): Promise<void> {
    await ignoring([404], this.#options.engine.removeContainer(this.name, { force: true, volumes: true }));
  }

  /** Looks at it and takes in what is seen; undefined when there is none. */
  async inspect(): Promise<ContainerInspect | undefined> {
    let container: ContainerInspect | undefined;
    try {
      container = await this.#options.engine.inspectContainer(this.#id);
    } catch (error) {
      if (!(error instanceof EngineError) || error.status !== 404) throw error;
    }
    this.watch.observe(container);
    if (container === undefined) return undefined;
    const { Pid, ExitCode } = container.State;
    this.status = { ContainerID: container.Id, PID: Pid, ExitCode };
    if (this.#options.hasPorts) this.ports = portStatus(container.NetworkSettings.Ports ?? {});
    return container;
  }

  get #id(): string {
    return this.status.ContainerID || this.name;
  }

  async #start(): Promise<void> {
    try {
      await ignoring([304], this.#options.engine.startContainer(this.#id));
    } catch (error) {
      if (error instanceof EngineUnreachable) throw error;
      await this.inspect();
      throw new Error(`starting container failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

async function ignoring(statuses: number[], call: Promise<void>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof EngineError) || !statuses.includes(error.status)) throw error;
  }
}
