import type { Service, Task } from '../model/objects.ts';
import type { TaskState } from '../model/task-state.ts';
import type { Draft, WriteTransaction } from '../store/store.ts';
import { isJob, isPerNode } from './service-mode.ts';

/** Where a new task belongs: a slot of a replicated service, or a node of a global one. */
export type Place = { slot: number } | { nodeId: string };

export interface NewTaskOptions {
  id: string;
  place: Place;
  desiredState: TaskState;
  /** RFC 3339. */
  timestamp: string;
}

/** A task made from the service as it is now: state NEW, message `created`; name, labels and endpoint are frozen in it. */
export function newTask(transaction: WriteTransaction, service: Service, options: NewTaskOptions): Draft<Task> {
  const { place } = options;
  const spec = service.Spec.TaskTemplate;
  const logDriver = spec.LogDriver ?? defaultLogDriver(transaction);
  return {
    ID: options.id,
    Spec: spec,
    ServiceID: service.ID,
    ...('slot' in place ? { Slot: place.slot } : { NodeID: place.nodeId }),
    Status: { Timestamp: options.timestamp, State: 'new', Message: 'created', PortStatus: {} },
    DesiredState: options.desiredState,
    ...(isJob(service) ? { JobIteration: { Index: service.JobStatus?.JobIteration.Index ?? 0 } } : {}),
    attachments: [],
    serviceName: service.Spec.Name,
    serviceLabels: service.Spec.Labels,
    specVersion: service.specVersion,
    ...(service.Spec.EndpointSpec === undefined ? {} : { endpoint: { Spec: service.Spec.EndpointSpec } }),
    ...(logDriver === undefined ? {} : { logDriver }),
    global: isPerNode(service),
  };
}

/** The place of a task that takes over from `task`: the same slot, or for a service with one task a node the same node. */
export function placeLike(task: Task, service: Service): Place {
  return isPerNode(service) ? { nodeId: task.NodeID ?? '' } : { slot: task.Slot ?? 0 };
}

function defaultLogDriver(transaction: WriteTransaction) {
  for (const cluster of transaction.clusters.all()) return cluster.Spec.TaskDefaults.LogDriver;
  return undefined;
}
