import type { Service } from '../../model/objects.ts';
import type { NetworkAttachmentConfig, ServiceMode, ServiceSpec } from '../../model/specs.ts';
import { sameSpec } from '../../services/same-spec.ts';
import { ControlError } from '../control-error.ts';

/**
 * A service whose networks stand beside the task template cannot change them there alone; an update that changes those of the template
 * as well moves them. Throws 501.
 */
export function networksMigrated(service: Service, spec: ServiceSpec): void {
  const same = (of: (spec: ServiceSpec) => NetworkAttachmentConfig[] | undefined) =>
    sameSpec(of(service.Spec) ?? [], of(spec) ?? []);
  if (!same((each) => each.Networks) && same((each) => each.TaskTemplate.Networks))
    throw ControlError.rpc('Unimplemented', 'networks must be migrated to TaskSpec before being changed');
}

/** A service keeps its mode and its name. Throws 501. */
export function refuseOtherMode(service: Service, spec: ServiceSpec): void {
  if (modeOf(service.Spec.Mode) !== modeOf(spec.Mode))
    throw ControlError.rpc('Unimplemented', 'service mode change is not allowed');
  if (service.Spec.Name !== spec.Name) throw ControlError.rpc('Unimplemented', 'renaming services is not supported');
}

/**
 * The service with a new spec; the old one becomes the previous one, and what an update before has left behind is forgotten. A job
 * runs anew.
 */
export function updated(service: Service, spec: ServiceSpec, version: number, timestamp: string): Service {
  const { UpdateStatus: _over, ...rest } = service;
  return withNextIteration(
    {
      ...rest,
      Spec: spec,
      PreviousSpec: service.Spec,
      specVersion: version,
      previousSpecVersion: service.specVersion,
    },
    timestamp,
  );
}

/** The service with its spec and the previous one changed places. Throws 400 when there is no previous one. */
export function rolledBack(service: Service, timestamp: string): Service {
  const { PreviousSpec: previous, previousSpecVersion = 0 } = service;
  if (previous === undefined)
    throw ControlError.rpc('FailedPrecondition', `service ${service.ID} does not have a previous spec`);
  return withNextIteration(
    {
      ...service,
      Spec: previous,
      PreviousSpec: service.Spec,
      specVersion: previousSpecVersion,
      previousSpecVersion: service.specVersion,
      UpdateStatus: { State: 'rollback_started', Message: 'manually requested rollback', StartedAt: timestamp },
    },
    timestamp,
  );
}

function withNextIteration(service: Service, timestamp: string): Service {
  const { JobStatus: job } = service;
  if (job === undefined) return service;
  return { ...service, JobStatus: { JobIteration: { Index: job.JobIteration.Index + 1 }, LastExecution: timestamp } };
}

function modeOf(mode: ServiceMode): string | undefined {
  return Object.keys(mode)[0];
}
