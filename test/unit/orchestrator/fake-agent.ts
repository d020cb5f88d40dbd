import type { Disposable } from '../../../server/clock/clock.ts';
import type { VirtualClock } from '../../../server/clock/virtual-clock.ts';
import { createMemoryLink, type MemoryLink } from '../../../server/orchestrator/dispatcher/memory-transport.ts';
import type {
  AgentMessage,
  Connection,
  ManagerMessage,
  NodeNetworkState,
} from '../../../server/orchestrator/dispatcher/protocol.ts';
import type { NodeDescription, Task, TaskStatus } from '../../../server/orchestrator/model/objects.ts';
import { compareStates, isTerminal, type TaskState } from '../../../server/orchestrator/model/task-state.ts';

/** What a task does on a fake node; times are milliseconds. */
export interface Behaviour {
  /** An error while preparing: the task is rejected. */
  rejects?: string;
  /** An error while starting: the task fails. */
  failsToStart?: string;
  /** The step it never leaves. */
  hangsIn?: 'preparing' | 'starting';
  /** Ends by itself so long after it runs. */
  exitsAfter?: number;
  exitCode?: number;
  startTime?: number;
  stopTime?: number;
}

interface RunningTask {
  task: Task;
  status: TaskStatus;
  timer: Disposable | undefined;
}

const STEP = 10;

export function describeNode(hostname: string): NodeDescription {
  return {
    Hostname: hostname,
    Platform: { Architecture: 'x86_64', OS: 'linux' },
    Resources: { NanoCPUs: 4e9, MemoryBytes: 8 * 2 ** 30 },
    Engine: {
      EngineVersion: '26.1.5',
      Plugins: [
        { Type: 'Log', Name: 'json-file' },
        { Type: 'Network', Name: 'bridge' },
        { Type: 'Network', Name: 'overlay' },
        { Type: 'Volume', Name: 'local' },
      ],
    },
  };
}

/**
 * A node's agent without an engine: speaks the real protocol over a memory link, takes its tasks through their states in a few virtual
 * milliseconds, and lets them run, fail or hang as `behaviour` says.
 */
export class FakeAgent {
  readonly nodeId: string;
  readonly hostname: string;
  readonly tasks = new Map<string, RunningTask>();
  readonly secrets = new Set<string>();
  readonly configs = new Set<string>();
  readonly received: ManagerMessage[] = [];
  network: NodeNetworkState | undefined;
  description: NodeDescription;
  behaviour: (task: Task) => Behaviour = () => ({});
  left: string | undefined;
  /** Why the last connection ended. */
  closed: string | undefined;
  /** The time that its machine was switched on, if it says so. */
  boot: string | undefined;
  readonly #clock: VirtualClock;
  readonly #dial: (connection: Connection<AgentMessage, ManagerMessage>) => void;
  #link: MemoryLink | undefined;
  #heartbeat: Disposable | undefined;

  constructor(
    clock: VirtualClock,
    nodeId: string,
    hostname: string,
    dial: (connection: Connection<AgentMessage, ManagerMessage>) => void,
  ) {
    this.#clock = clock;
    this.nodeId = nodeId;
    this.hostname = hostname;
    this.#dial = dial;
    this.description = describeNode(hostname);
  }

  get address(): string {
    return `192.168.0.${Number(/\d+$/.exec(this.nodeId)?.[0] ?? 0) + 10}`;
  }

  connect(): void {
    const link = createMemoryLink();
    this.#link = link;
    this.closed = undefined;
    link.agent.onMessage((message) => {
      if (this.#link === link) this.#receive(message);
    });
    link.agent.onClose((reason) => {
      if (this.#link !== link) return;
      this.closed = reason;
      this.#heartbeat?.dispose();
    });
    this.#dial(link.manager);
    const { nodeId, description, address, boot } = this;
    this.send({ type: 'hello', nodeId, description, address, ...(boot !== undefined && { boot }) });
  }

  send(message: AgentMessage): void {
    this.#link?.agent.send(message);
  }

  /** Pulls the cable: containers go on, nobody hears of it. */
  cut(): void {
    this.#link?.cut();
    this.#heartbeat?.dispose();
  }

  /** Ends the connection properly; containers go on. */
  hangUp(): void {
    this.#link?.agent.close('the agent hangs up');
    this.#heartbeat?.dispose();
  }

  /** Loses power: nothing runs any more. */
  powerOff(): void {
    this.cut();
    for (const { timer } of this.tasks.values()) timer?.dispose();
    this.tasks.clear();
  }

  /** Ends a running task's container. */
  crash(taskId: string, exitCode = 1): void {
    const running = this.tasks.get(taskId);
    if (running !== undefined) this.#exit(running, exitCode);
  }

  runningTasks(): Task[] {
    return [...this.tasks.values()].filter(({ status }) => status.State === 'running').map(({ task }) => task);
  }

  #receive(message: ManagerMessage): void {
    this.received.push(message);
    if (message.type === 'session') this.#beat(message.heartbeatPeriod);
    else if (message.type === 'heartbeat-ack') this.#beat(message.period);
    else if (message.type === 'network') this.network = message.state;
    else if (message.type === 'left') {
      this.left = message.reason;
      for (const id of [...this.tasks.keys()]) this.#remove(id);
    } else if (message.type === 'assignments') {
      const { tasks, removedTasks, secrets, removedSecrets, configs, removedConfigs } = message.changes;
      const wanted = new Set(tasks.map((task) => task.ID));
      if (message.mode === 'complete') {
        for (const id of [...this.tasks.keys()]) if (!wanted.has(id)) this.#remove(id);
        this.secrets.clear();
        this.configs.clear();
      }
      for (const { ID } of secrets) this.secrets.add(ID);
      for (const id of removedSecrets) this.secrets.delete(id);
      for (const { ID } of configs) this.configs.add(ID);
      for (const id of removedConfigs) this.configs.delete(id);
      for (const task of tasks) this.#assign(task);
      for (const id of removedTasks) this.#remove(id);
      if (message.mode === 'complete')
        for (const { task, status } of this.tasks.values()) this.#report(task.ID, status);
    }
  }

  #beat(period: number): void {
    this.#heartbeat?.dispose();
    this.#heartbeat = this.#clock.after(period, () => this.send({ type: 'heartbeat' }));
  }

  #assign(task: Task): void {
    const known = this.tasks.get(task.ID);
    if (known === undefined) {
      const running = { task, status: task.Status, timer: undefined };
      this.tasks.set(task.ID, running);
      this.#step(running);
      return;
    }
    const { timer, task: before } = known;
    known.task = task;
    if (before.DesiredState === task.DesiredState) return;
    if (isTerminal(task.DesiredState)) timer?.dispose();
    if (isTerminal(task.DesiredState) || timer === undefined) this.#step(known);
  }

  #remove(taskId: string): void {
    this.tasks.get(taskId)?.timer?.dispose();
    this.tasks.delete(taskId);
  }

  /** One step of the agent's state machine, as far as the desired state lets the task go. */
  #step(running: RunningTask): void {
    const { task, status } = running;
    const behaviour = this.behaviour(task);
    running.timer = undefined;
    if (compareStates(status.State, 'accepted') < 0) this.#later(running, STEP, 'accepted', 'accepted');
    else if (compareStates(task.DesiredState, 'shutdown') >= 0) {
      if (!isTerminal(status.State)) this.#later(running, behaviour.stopTime ?? STEP, 'shutdown', 'shutdown');
    } else if (status.State === 'accepted') this.#later(running, STEP, 'preparing', 'preparing');
    else if (status.State === 'preparing') {
      if (behaviour.hangsIn === 'preparing') return;
      if (behaviour.rejects !== undefined) this.#fail(running, 'rejected', behaviour.rejects);
      else this.#later(running, STEP, 'ready', 'prepared');
    } else if (status.State === 'ready') {
      if (compareStates(task.DesiredState, 'running') >= 0) this.#later(running, STEP, 'starting', 'starting');
    } else if (status.State === 'starting') {
      if (behaviour.hangsIn === 'starting') return;
      if (behaviour.failsToStart !== undefined) this.#fail(running, 'failed', behaviour.failsToStart);
      else this.#later(running, behaviour.startTime ?? STEP, 'running', 'started');
    } else if (status.State === 'running' && behaviour.exitsAfter !== undefined) {
      const exit = () => this.#exit(running, behaviour.exitCode ?? 0);
      running.timer = this.#clock.after(behaviour.exitsAfter, exit);
    }
  }

  #later(running: RunningTask, delay: number, state: TaskState, message: string): void {
    running.timer = this.#clock.after(delay, () => {
      this.#set(running, { State: state, Message: message });
      this.#step(running);
    });
  }

  #fail(running: RunningTask, state: TaskState, error: string): void {
    running.timer = this.#clock.after(STEP, () => {
      this.#set(running, { State: state, Message: running.status.Message, Err: error });
    });
  }

  #exit(running: RunningTask, exitCode: number): void {
    running.timer?.dispose();
    running.timer = undefined;
    const ContainerStatus = { ContainerID: running.task.ID, PID: 0, ExitCode: exitCode };
    if (exitCode === 0) this.#set(running, { State: 'complete', Message: 'finished', ContainerStatus });
    else {
      const Err = `task: non-zero exit (${exitCode})`;
      this.#set(running, { State: 'failed', Message: running.status.Message, Err, ContainerStatus });
    }
  }

  #set(running: RunningTask, change: Pick<TaskStatus, 'State' | 'Message' | 'Err' | 'ContainerStatus'>): void {
    running.status = { Timestamp: this.#clock.timestamp(), PortStatus: {}, ...change };
    this.#report(running.task.ID, running.status);
  }

  #report(taskId: string, status: TaskStatus): void {
    this.send({ type: 'task-status', updates: [{ taskId, status }] });
  }
}
