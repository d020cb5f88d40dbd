import type { Clock } from '../../clock/clock.ts';
import { sleep } from '../../clock/clock.ts';
import { type Engine, EngineError } from '../../engine/engine.ts';
import type { ContainerStatus, PortStatus, Task } from '../../orchestrator/model/objects.ts';
import type { ContainerSpec } from '../../orchestrator/model/specs.ts';
import type { NodeNetwork } from '../node-network.ts';
import { containerConfig, hostModePorts } from './container-config.ts';
import type { ContainerEvents } from './container-events.ts';
import { taskName } from './container-name.ts';
import type { Ending } from './container-watch.ts';
import type { Dependencies } from './dependencies.ts';
import { expandSpec, type LocalNode } from './expand-spec.ts';
import type { ImagePuller } from './image-puller.ts';
import type { Limiter } from './limiter.ts';
import { volumesToCreate } from './mounts.ts';
import { TaskContainer } from './task-container.ts';
import type { TaskController } from './task-controller.ts';
import type { TaskFiles } from './task-files.ts';

/** Milliseconds between a task's leaving the network's service and its stop signal: Swarm gives every node time to hear of it. */
const LEAVE_DELAY = 2_000;
/** A removal that the engine could not carry out is tried so often, with so many milliseconds in between. */
const REMOVAL = { attempts: 10, pause: 1_000 };

/** What the controllers of a node's tasks share. */
export interface ControllerContext {
  engine: Engine;
  network: NodeNetwork;
  clock: Clock;
  events: ContainerEvents;
  dependencies: Dependencies;
  files: TaskFiles;
  puller: ImagePuller;
  /** How many containers are created or started at the same time. */
  starts: Limiter;
  node: LocalNode;
  log: (message: string) => void;
}

/** Takes a task that is a container through its life, as Swarm's own executor does. */
export class ContainerController implements TaskController {
  readonly #task: Task;
  readonly #context: ControllerContext;
  readonly #spec: ContainerSpec;
  readonly #container: TaskContainer;
  #leftAt: number | undefined;
  /** Why the container cannot be started although it can be created. */
  #failure: string | undefined;

  /** Throws what makes the task impossible from the start. */
  constructor(task: Task, context: ControllerContext) {
    this.#task = task;
    this.#context = context;
    this.#spec = expandSpec(task, context.node);
    this.#container = new TaskContainer({
      engine: context.engine,
      events: context.events,
      taskId: task.ID,
      name: taskName(task),
      hasPorts: hostModePorts(task).length > 0,
    });
  }

  get containerName(): string {
    return this.#container.name;
  }

  containerStatus(): ContainerStatus {
    return this.#container.status;
  }

  portStatus(): PortStatus {
    return this.#container.ports;
  }

  async prepare(signal: AbortSignal): Promise<void> {
    const { engine, network, dependencies, files } = this.#context;
    const { files: taskFiles, failure } = dependencies.filesOf(this.#task, this.#context.node.id);
    this.#failure = failure;
    const networking = await network.attachmentFor(this.#task, signal);
    for (const volume of volumesToCreate(this.#spec.Mounts ?? [])) await engine.createVolume(volume);
    const binds = await files.provide(this.#task.ID, taskFiles);
    const body = containerConfig({ task: this.#task, spec: this.#spec, networking, binds });
    const id = await this.#create(body, signal);
    if (id !== undefined) await files.place(id, taskFiles);
  }

  async start(signal: AbortSignal): Promise<void> {
    const { starts, network } = this.#context;
    if (this.#failure !== undefined) throw new Error(`starting container failed: ${this.#failure}`);
    // What is created already is started before anything else is created, so that the first tasks run early.
    await starts.run('soon', signal, () => this.#container.start());
    const { watch, status } = this.#container;
    if (watch.health !== undefined) await this.#untilHealthy(signal);
    if (watch.ending === undefined) await network.activate(this.#task, status.ContainerID);
  }

  async wait(signal: AbortSignal): Promise<void> {
    // A task that an earlier agent started: what happened to it since, only the engine knows.
    if (!this.#container.hasStarted) {
      await this.#container.inspect();
      this.#container.hasStarted = true;
    }
    const ending = await this.#untilEnded(signal);
    await this.#context.network.release(this.#task);
    if (ending !== undefined) throw new Error(ending);
  }

  async shutdown(signal: AbortSignal): Promise<void> {
    await this.#leaveService(signal);
    signal.throwIfAborted();
    await this.#stop();
    await this.#context.network.release(this.#task);
  }

  async remove(): Promise<void> {
    const { clock, files, network, log } = this.#context;
    for (let attempt = 1; attempt <= REMOVAL.attempts; attempt++) {
      try {
        await this.#leaveService();
        await this.#stop();
        await this.#container.remove();
        break;
      } catch (error) {
        log(`removing ${this.containerName}: ${error instanceof Error ? error.message : String(error)}`);
        await sleep(clock, REMOVAL.pause);
      }
    }
    this.close();
    await files.remove(this.#task.ID);
    await network.release(this.#task);
  }

  close(): void {
    this.#container.watch.close();
  }

  /** Creates the container, pulling its image if the engine misses it. */
  async #create(body: Record<string, unknown>, signal: AbortSignal): Promise<string | undefined> {
    const { puller, starts } = this.#context;
    const create = () => starts.run('later', signal, () => this.#container.create(body));
    try {
      return await create();
    } catch (error) {
      const isMissing =
        error instanceof EngineError && error.status === 404 && error.message.startsWith('No such image');
      if (!isMissing) throw error;
    }
    await puller.pull(this.#spec.Image ?? '', { auth: this.#spec.registryAuth, signal });
    return create();
  }

  async #untilHealthy(signal: AbortSignal): Promise<void> {
    const { watch } = this.#container;
    while (watch.health !== 'healthy') {
      if (watch.ending !== undefined || watch.health === 'unhealthy') {
        const ending = await this.#untilEnded(signal);
        if (ending !== undefined) throw new Error(ending);
        return;
      }
      await watch.changed(signal);
    }
  }

  /** Waits for the container's end, which an unhealthy one is brought to; gives Swarm's text when it did not end well. */
  async #untilEnded(signal: AbortSignal): Promise<string | undefined> {
    const { watch } = this.#container;
    let cause = '';
    while (watch.ending === undefined) {
      if (watch.health === 'unhealthy' && cause === '') {
        cause = 'dockerexec: unhealthy container';
        await this.shutdown(signal);
      } else await watch.changed(signal);
    }
    return this.#endingError(watch.ending, cause);
  }

  #endingError(ending: Ending, cause: string): string | undefined {
    const container = this.#container;
    if (ending.kind === 'destroyed') {
      return container.hasStarted ? `No such container: ${container.name}` : 'dockerexec: container destroyed';
    }
    container.status = { ...container.status, PID: 0, ExitCode: ending.exitCode };
    if (ending.exitCode === 0) return undefined;
    const why = cause || ending.error;
    return `task: non-zero exit (${ending.exitCode})${why === '' ? '' : `: ${why}`}`;
  }

  /** Takes a running task out of names and rules, once, and waits until every node has heard of it, or until the signal. */
  async #leaveService(signal?: AbortSignal): Promise<void> {
    const { network, clock } = this.#context;
    if (!(await this.#container.isRunning())) return;
    await network.deactivate(this.#task);
    if (!this.#task.attachments.some(({ addresses }) => addresses.length > 0)) return;
    this.#leftAt ??= clock.now();
    const rest = this.#leftAt + LEAVE_DELAY - clock.now();
    if (rest > 0) await sleep(clock, rest, signal);
  }

  async #stop(): Promise<void> {
    const grace = this.#spec.StopGracePeriod;
    await this.#container.stop(grace === undefined ? undefined : Math.floor(grace / 1e9));
  }
}
