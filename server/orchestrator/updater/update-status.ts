import type { Service, UpdateStatus } from '../model/objects.ts';
import type { Store } from '../store/store.ts';

/** Changes the update status of a service, unless the service or (where one is needed) its status is gone meanwhile. */
function change(store: Store, serviceId: string, work: (service: Service) => Service | undefined): void {
  const service = store.services.get(serviceId);
  const changed = service === undefined ? undefined : work(service);
  if (changed !== undefined) store.update((transaction) => transaction.update('services', changed));
}

/** `updating`, unless an update is already being told of. */
export function markStarted(store: Store, serviceId: string, timestamp: string): void {
  change(store, serviceId, (service) => {
    if (service.UpdateStatus !== undefined) return undefined;
    const UpdateStatus: UpdateStatus = { State: 'updating', StartedAt: timestamp, Message: 'update in progress' };
    return { ...service, UpdateStatus };
  });
}

/** `completed`, or for a rollback `rollback_completed`; what is completed is not completed again. */
export function markCompleted(store: Store, serviceId: string, timestamp: string): void {
  change(store, serviceId, (service) => {
    const status = service.UpdateStatus;
    if (status === undefined || status.State === 'completed' || status.State === 'rollback_completed') return undefined;
    const outcome =
      status.State === 'rollback_started'
        ? ({ State: 'rollback_completed', Message: 'rollback completed' } as const)
        : ({ State: 'completed', Message: 'update completed' } as const);
    return { ...service, UpdateStatus: { ...status, ...outcome, CompletedAt: timestamp } };
  });
}

/** `paused`, or for a rollback `rollback_paused`. */
export function markPaused(store: Store, serviceId: string, message: string): void {
  change(store, serviceId, (service) => {
    const status = service.UpdateStatus;
    if (status === undefined) return undefined;
    const State = status.State === 'rollback_started' ? 'rollback_paused' : 'paused';
    return { ...service, UpdateStatus: { ...status, State, Message: message } };
  });
}

/** Puts the previous spec back in place and `rollback_started`; without a previous spec nothing changes. */
export function rollBack(store: Store, serviceId: string, message: string): void {
  change(store, serviceId, (service) => {
    const { PreviousSpec, previousSpecVersion, ...rest } = service;
    if (service.UpdateStatus === undefined || PreviousSpec === undefined) return undefined;
    return {
      ...rest,
      Spec: PreviousSpec,
      specVersion: previousSpecVersion ?? 0,
      UpdateStatus: { ...service.UpdateStatus, State: 'rollback_started', Message: message },
    };
  });
}
