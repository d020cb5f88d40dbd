import type { Service } from '../model/objects.ts';

/** An update or rollback config with its defaults filled in; times in milliseconds. */
export interface UpdatePolicy {
  /** Slots at a time; Infinity for all at once. */
  parallelism: number;
  delay: number;
  failureAction: 'pause' | 'continue' | 'rollback';
  /** How long a task that has come up can still fail the update. */
  monitor: number;
  maxFailureRatio: number;
  startFirst: boolean;
}

/** Milliseconds that a new task is watched unless the config says otherwise. */
const DEFAULT_MONITOR = 5_000;

/** The policy that holds for the service now: the rollback config during a rollback, else the update config. */
export function policyOf(service: Service): UpdatePolicy {
  const rollingBack = service.UpdateStatus?.State === 'rollback_started';
  const config = rollingBack ? service.Spec.RollbackConfig : service.Spec.UpdateConfig;
  const parallelism = config?.Parallelism ?? 1;
  const delay = (config?.Delay ?? 0) / 1e6;
  const monitor = (config?.Monitor ?? 0) / 1e6 || DEFAULT_MONITOR;
  return {
    parallelism: parallelism === 0 ? Number.POSITIVE_INFINITY : parallelism,
    delay,
    failureAction: config?.FailureAction ?? 'pause',
    monitor: delay >= monitor ? delay + 1_000 : monitor,
    maxFailureRatio: config?.MaxFailureRatio ?? 0,
    startFirst: config?.Order === 'start-first',
  };
}
