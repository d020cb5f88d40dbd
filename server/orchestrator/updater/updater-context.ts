import type { Clock } from '../../clock/clock.ts';
import type { RestartSupervisor } from '../restart/restart-supervisor.ts';
import type { Store } from '../store/store.ts';

/** What updates work with. */
export interface UpdaterContext {
  readonly store: Store;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly restarts: RestartSupervisor;
}
