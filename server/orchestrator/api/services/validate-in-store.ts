import { needsIngress } from '../../allocator/service-allocator.ts';
import type { Network } from '../../model/objects.ts';
import type { PortConfig, ServiceSpec } from '../../model/specs.ts';
import type { ReadView } from '../../store/store.ts';
import { ControlError } from '../control-error.ts';

/** What a service's networks must fulfil: none of them the ingress network. Throws 400. */
export function validateNetworks(view: ReadView, spec: ServiceSpec): void {
  const { TaskTemplate, Networks = [] } = spec;
  for (const { Target } of [...(TaskTemplate.Networks ?? []), ...Networks]) {
    const network = view.networks.get(Target);
    if (network?.Spec.Ingress)
      throw ControlError.rpc(
        'InvalidArgument',
        `Service cannot be explicitly attached to the ingress network ${JSON.stringify(network.Spec.Name)}`,
      );
  }
}

/** Refuses a service that publishes through the mesh while the swarm has no ingress network. */
export function validateIngress(view: ReadView, spec: ServiceSpec): void {
  if (!needsIngress(spec.EndpointSpec) || ingressNetwork(view) !== undefined) return;
  throw ControlError.rpc('FailedPrecondition', 'service needs ingress network, but no ingress network is present');
}

/** The swarm's ingress network; a student may have removed it. */
export function ingressNetwork(view: ReadView): Network | undefined {
  for (const network of view.networks.all()) if (network.Spec.Ingress) return network;
  return undefined;
}

/** Refuses ports that another service (not the one with `ownId`) has or asks for. Throws 400. */
export function checkPortConflicts(view: ReadView, spec: ServiceSpec, ownId: string): void {
  const wanted = (spec.EndpointSpec?.Ports ?? []).filter((port) => port.PublishedPort);
  if (wanted.length === 0) return;
  for (const service of view.services.all()) {
    if (service.ID === ownId) continue;
    const existing = [...(service.Spec.EndpointSpec?.Ports ?? []), ...(service.Endpoint?.Ports ?? [])];
    for (const other of existing) {
      const port = wanted.find((candidate) => conflicts(candidate, other));
      if (port === undefined) continue;
      const how = other.PublishMode === 'ingress' ? 'an ingress port' : 'a host-published port';
      throw ControlError.rpc(
        'InvalidArgument',
        `port '${port.PublishedPort}' is already in use by service '${service.Spec.Name}' (${service.ID}) as ${how}`,
      );
    }
  }
}

/** Two services may publish one port in host mode: the scheduler keeps them on different nodes. */
function conflicts(wanted: PortConfig, other: PortConfig): boolean {
  return (
    other.PublishedPort === wanted.PublishedPort &&
    other.Protocol === wanted.Protocol &&
    (other.PublishMode === 'ingress' || wanted.PublishMode === 'ingress')
  );
}

/** Refuses references to secrets and configs that are not there. Throws 400. */
export function checkReferences(view: ReadView, spec: ServiceSpec): void {
  const { Secrets = [], Configs = [] } = spec.TaskTemplate.ContainerSpec ?? {};
  refuseMissing(
    'secret',
    Secrets.filter(({ SecretID, SecretName }) => view.secrets.get(SecretID)?.Spec.Name !== SecretName).map(
      ({ SecretName }) => SecretName,
    ),
  );
  refuseMissing(
    'config',
    Configs.filter(({ ConfigID, ConfigName }) => view.configs.get(ConfigID)?.Spec.Name !== ConfigName).map(
      ({ ConfigName }) => ConfigName,
    ),
  );
}

function refuseMissing(kind: 'secret' | 'config', names: readonly string[]): void {
  if (names.length === 0) return;
  const kinds = names.length > 1 ? `${kind}s` : kind;
  throw ControlError.rpc('InvalidArgument', `${kinds} not found: ${names.join(', ')}`);
}
