import type { Clock, Disposable } from '../clock/clock.ts';
import { Allocator } from './allocator/allocator.ts';
import type { ControlApi } from './api/control-api.ts';
import type { ManagerRules } from './api/control-context.ts';
import { createControlApi } from './api/swarm-control.ts';
import { TaskWays } from './api/tasks/task-ways.ts';
import { Dispatcher } from './dispatcher/dispatcher.ts';
import { EventRecorder } from './events/event-recorder.ts';
import { LogBroker } from './logs/log-broker.ts';
import { newId } from './model/ids.ts';
import { TaskReaper } from './reaper/task-reaper.ts';
import { Scheduler } from './scheduler/scheduler.ts';
import { ServiceOrchestrators } from './services/service-orchestrators.ts';
import type { Store } from './store/store.ts';
import type { DispatcherPart, SwarmPart } from './swarm-parts.ts';

export interface SwarmOptions {
  store: Store;
  clock: Clock;
  managers: ManagerRules;
  newId?: (() => string) | undefined;
  /** From 0 to 1; varies heartbeat periods. */
  random?: (() => number) | undefined;
}

/** What runs on the leader, and only there. */
interface Leadership extends Disposable {
  readonly dispatcher: DispatcherPart;
  readonly logs: LogBroker;
  readonly scheduler: Scheduler;
  readonly services: ServiceOrchestrators;
}

/**
 * One swarm: its store, the loops that work on it while it has a leader, and the control API in front of it. The store outlives the
 * leaders; every new leader gets new loops, which find out from the store what there is to do.
 */
export class Swarm implements Disposable {
  readonly store: Store;
  readonly control: ControlApi;
  readonly #options: SwarmOptions;
  readonly #events: EventRecorder;
  readonly #ways: TaskWays;
  #leadership: Leadership | undefined;

  constructor(options: SwarmOptions) {
    this.#options = options;
    this.store = options.store;
    this.#events = new EventRecorder(options.store, options.clock);
    this.#ways = new TaskWays(options.store);
    this.control = createControlApi(
      {
        store: options.store,
        clock: options.clock,
        newId: options.newId ?? newId,
        managers: options.managers,
        logs: () => this.#leading().logs,
        verdicts: (taskId) => this.#leading().scheduler.verdicts(taskId),
        way: (task) => this.#ways.of(task),
        restarts: (taskId) => this.#leading().services.restarts(taskId),
      },
      this.#events,
    );
  }

  /** Whether the swarm has a leader. */
  get isLed(): boolean {
    return this.#leadership !== undefined;
  }

  /** Sessions with agents, while the swarm has a leader. */
  get dispatcher(): DispatcherPart | undefined {
    return this.#leadership?.dispatcher;
  }

  /** A manager has become the leader. */
  lead(): void {
    this.#leadership ??= startLeading(this.#options);
  }

  /** The leader is lost: all sessions end, and nothing is done any more until there is another. */
  stopLeading(): void {
    this.#leadership?.dispose();
    this.#leadership = undefined;
  }

  dispose(): void {
    this.stopLeading();
    this.#events.dispose();
    this.#ways.dispose();
  }

  #leading(): Leadership {
    if (this.#leadership === undefined) throw new Error('the swarm has no leader');
    return this.#leadership;
  }
}

function startLeading({ store, clock, newId, random }: SwarmOptions): Leadership {
  const made = { store, clock, ...(newId === undefined ? {} : { newId }) };
  const dispatcher = new Dispatcher({ ...made, ...(random === undefined ? {} : { random }) });
  const logs = new LogBroker({ ...made, sessions: dispatcher });
  const scheduler = new Scheduler({ store, clock });
  const services = new ServiceOrchestrators(made);
  const parts: SwarmPart[] = [
    new Allocator({ store, clock }),
    services,
    scheduler,
    new TaskReaper({ store, clock }),
    dispatcher,
    logs,
  ];
  for (const part of parts) part.start();
  return {
    dispatcher,
    logs,
    scheduler,
    services,
    dispose: () => {
      for (const part of parts.reverse()) part.dispose();
    },
  };
}
