import type { Clock } from '../../clock/clock.ts';
import type { TaskExplanation } from '../api/explain.ts';
import { newId } from '../model/ids.ts';
import { RestartSupervisor } from '../restart/restart-supervisor.ts';
import type { Store } from '../store/store.ts';
import type { RestartHistory, SwarmPart } from '../swarm-parts.ts';
import { UpdateSupervisor } from '../updater/update-supervisor.ts';
import { ConstraintEnforcer } from './constraint-enforcer.ts';
import { GlobalOrchestrator } from './global-orchestrator.ts';
import { JobOrchestrator } from './job-orchestrator.ts';
import type { OrchestratorContext } from './orchestrator-context.ts';
import { removeStrayTasks } from './recover-tasks.ts';
import { ReplicatedOrchestrator } from './replicated-orchestrator.ts';

export interface ServiceOrchestratorsOptions {
  store: Store;
  clock: Clock;
  /** Makes IDs of new tasks. */
  newId?: () => string;
}

/** Everything that makes, replaces and ends tasks so that services are as their specs say. */
export class ServiceOrchestrators implements SwarmPart, RestartHistory {
  readonly #store: Store;
  readonly #restarts: RestartSupervisor;
  readonly #updates: UpdateSupervisor;
  readonly #orchestrators: SwarmPart[];

  constructor(options: ServiceOrchestratorsOptions) {
    this.#store = options.store;
    const shared = { store: options.store, clock: options.clock, newId: options.newId ?? newId };
    this.#restarts = new RestartSupervisor(shared);
    this.#updates = new UpdateSupervisor({ ...shared, restarts: this.#restarts });
    const context: OrchestratorContext = { ...shared, restarts: this.#restarts, updates: this.#updates };
    this.#orchestrators = [
      new ReplicatedOrchestrator(context),
      new GlobalOrchestrator(context),
      new JobOrchestrator(context),
      new ConstraintEnforcer(context),
    ];
  }

  /**
   * The updater sees a task's end before the orchestrators do: when it rolls back because of that, the failed task is already restarted
   * with the spec of before, as it nearly always is in Swarm.
   */
  start(): void {
    removeStrayTasks(this.#store);
    this.#restarts.start();
    this.#updates.start();
    for (const orchestrator of this.#orchestrators) orchestrator.start();
  }

  dispose(): void {
    for (const orchestrator of this.#orchestrators) orchestrator.dispose();
    this.#updates.dispose();
    this.#restarts.dispose();
  }

  restarts(taskId: string): TaskExplanation['restarts'] {
    return this.#restarts.restarts(taskId);
  }
}
