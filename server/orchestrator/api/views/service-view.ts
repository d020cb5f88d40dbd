import type { Endpoint, Service } from '../../model/objects.ts';
import type { ServiceSpec, TaskSpec } from '../../model/specs.ts';
import type { ApiObject } from '../control-api.ts';
import { storedView } from './stored-view.ts';
import { goTime } from './time.ts';

/** How many tasks a service has and should have, as `service ls` shows them. */
export interface ServiceStatus {
  RunningTasks: number;
  DesiredTasks: number;
  CompletedTasks: number;
}

/** A service as GET /services/ID gives it; with `status` as GET /services?status=true does. */
export function serviceView(service: Service, options: { spec?: ServiceSpec; status?: ServiceStatus } = {}): ApiObject {
  const { UpdateStatus: update, JobStatus: job } = service;
  return {
    ...storedView(service),
    Spec: specView(options.spec ?? service.Spec),
    ...(service.PreviousSpec === undefined ? {} : { PreviousSpec: specView(service.PreviousSpec) }),
    Endpoint: endpointView(service.Endpoint ?? {}),
    ...(update === undefined
      ? {}
      : {
          UpdateStatus: {
            State: update.State,
            ...(update.StartedAt === undefined ? {} : { StartedAt: goTime(update.StartedAt) }),
            ...(update.CompletedAt === undefined ? {} : { CompletedAt: goTime(update.CompletedAt) }),
            Message: update.Message,
          },
        }),
    ...(options.status === undefined ? {} : { ServiceStatus: options.status }),
    ...(job === undefined
      ? {}
      : { JobStatus: { JobIteration: indexView(job.JobIteration), LastExecution: goTime(job.LastExecution) } }),
  };
}

/** A version number; Go leaves out a zero. */
export function indexView(version: { Index: number }): ApiObject {
  return version.Index === 0 ? {} : { Index: version.Index };
}

/** A task template without what is never shown; tasks show their runtime only where it is not a container. */
export function taskSpecView(spec: TaskSpec, options: { runtime: boolean }): ApiObject {
  const { ContainerSpec: container, Runtime: runtime, ...rest } = spec;
  if (container === undefined) return { ...rest, Runtime: runtime };
  const { registryAuth: _hidden, ...shown } = container;
  return { ContainerSpec: shown, ...rest, ...(options.runtime ? { Runtime: runtime } : {}) };
}

function specView(spec: ServiceSpec): ApiObject {
  return { ...spec, TaskTemplate: taskSpecView(spec.TaskTemplate, { runtime: true }) };
}

function endpointView({ Spec, Ports, VirtualIPs: vips }: Endpoint): ApiObject {
  return {
    Spec: Spec ?? {},
    ...(Ports === undefined ? {} : { Ports }),
    ...(vips === undefined
      ? {}
      : { VirtualIPs: vips.map(({ NetworkID, Addr }) => (Addr === '' ? { NetworkID } : { NetworkID, Addr })) }),
  };
}
