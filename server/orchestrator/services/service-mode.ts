import type { Service } from '../model/objects.ts';

export type ServiceModeName = 'replicated' | 'global' | 'replicated-job' | 'global-job';

/** The one mode that is set in the service's spec; a service without any counts as replicated. */
export function modeOf(service: Service): ServiceModeName {
  const mode = service.Spec.Mode;
  if (mode.Global !== undefined) return 'global';
  if (mode.ReplicatedJob !== undefined) return 'replicated-job';
  if (mode.GlobalJob !== undefined) return 'global-job';
  return 'replicated';
}

/** Whether its tasks run to completion instead of for ever. */
export function isJob(service: Service): boolean {
  const mode = modeOf(service);
  return mode === 'replicated-job' || mode === 'global-job';
}

/** Whether it has one task a node, so that a slot is a node. */
export function isPerNode(service: Service): boolean {
  const mode = modeOf(service);
  return mode === 'global' || mode === 'global-job';
}
