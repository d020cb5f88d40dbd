import type { Clock } from '../../clock/clock.ts';
import type { RestartSupervisor } from '../restart/restart-supervisor.ts';
import type { Store } from '../store/store.ts';
import type { UpdateSupervisor } from '../updater/update-supervisor.ts';

/** What the orchestrators of the four service modes share. */
export interface OrchestratorContext {
  readonly store: Store;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly restarts: RestartSupervisor;
  readonly updates: UpdateSupervisor;
}
