import type {
  Driver,
  EndpointSpec,
  GenericResource,
  NetworkAttachmentConfig,
  Placement,
  ResourceRequirements,
  RestartPolicy,
  ServiceMode,
  ServiceSpec,
  TaskSpec,
  UpdateConfig,
} from '../../model/specs.ts';
import { ControlError } from '../control-error.ts';
import type { ServiceSpecRequest, TaskSpecRequest } from '../request/service-spec.ts';
import { normaliseContainerSpec } from './container-spec.ts';
import { mapOrNothing, omitEmpty } from './omit-empty.ts';
import { randomName } from './random-name.ts';

/**
 * A service's spec as Swarm stores and shows it: fields in Docker's order, empty ones left out, defaults filled in. Throws the 400s
 * that Docker answers before the manager is asked; what the values may be is the manager's business (`validateServiceSpec`).
 */
export function normaliseServiceSpec(request: ServiceSpecRequest, registryAuth?: string): ServiceSpec {
  const template = request.TaskTemplate ?? {};
  const container = containerOf(template, request.Mode, registryAuth);
  const restart = template.RestartPolicy && normaliseRestartPolicy(template.RestartPolicy);
  const update = request.UpdateConfig && normaliseUpdateConfig(request.UpdateConfig);
  const rollback = request.RollbackConfig && normaliseUpdateConfig(request.RollbackConfig);
  const endpoint = request.EndpointSpec && normaliseEndpointSpec(request.EndpointSpec);
  return omitEmpty({
    Name: request.Name || randomName(),
    Labels: request.Labels ?? {},
    TaskTemplate: {
      ...omitEmpty({
        ContainerSpec: container,
        Resources: template.Resources && normaliseResources(template.Resources),
        RestartPolicy: restart,
        Placement: template.Placement && normalisePlacement(template.Placement),
        Networks: template.Networks && normaliseNetworks(template.Networks),
        LogDriver: template.LogDriver && normaliseDriver(template.LogDriver),
      }),
      ForceUpdate: template.ForceUpdate ?? 0,
      Runtime: 'container',
    } as TaskSpec,
    Mode: normaliseMode(request.Mode ?? {}),
    UpdateConfig: update,
    RollbackConfig: rollback,
    Networks: request.Networks && normaliseNetworks(request.Networks),
    EndpointSpec: endpoint,
  }) as ServiceSpec;
}

function containerOf(template: TaskSpecRequest, mode: ServiceSpecRequest['Mode'], registryAuth: string | undefined) {
  const runtime = template.Runtime ?? '';
  if (runtime === 'plugin') {
    if (template.PluginSpec === undefined) throw new ControlError(400, 'mismatched Runtime and *Spec fields');
    if (mode?.Replicated !== undefined) throw new ControlError(400, 'plugins must not use replicated mode');
    throw new ControlError(500, 'runtime type "plugin" only supported in experimental');
  }
  if (runtime !== '' && runtime !== 'container') throw new ControlError(400, 'unsupported runtime');
  if (template.ContainerSpec === undefined) throw new ControlError(400, 'mismatched Runtime and *Spec fields');
  return normaliseContainerSpec(template.ContainerSpec, registryAuth);
}

function normaliseResources(request: NonNullable<TaskSpecRequest['Resources']>): ResourceRequirements {
  const { Limits, Reservations } = request;
  const generic: GenericResource[] = [];
  for (const { NamedResourceSpec: named, DiscreteResourceSpec: discrete } of Reservations?.GenericResources ?? []) {
    if (named) generic.push({ NamedResourceSpec: { Kind: named.Kind ?? '', Value: named.Value ?? '' } });
    else if (discrete)
      generic.push({ DiscreteResourceSpec: { Kind: discrete.Kind ?? '', Value: discrete.Value ?? 0 } });
  }
  return omitEmpty({
    Limits: Limits && omitEmpty(Limits),
    Reservations: Reservations && omitEmpty({ ...Reservations, GenericResources: generic }),
  }) as ResourceRequirements;
}

function normaliseRestartPolicy(request: NonNullable<TaskSpecRequest['RestartPolicy']>): RestartPolicy {
  const conditions = ['none', 'on-failure', 'any'] as const;
  const condition = conditions.find((known) => known === (request.Condition || 'any'));
  if (condition === undefined)
    throw new ControlError(400, `invalid RestartCondition: ${JSON.stringify(request.Condition)}`);
  return omitEmpty(
    {
      Condition: condition,
      Delay: request.Delay,
      MaxAttempts: request.MaxAttempts ?? 0,
      Window: request.Window,
    },
    ['Delay', 'MaxAttempts', 'Window'],
  );
}

function normalisePlacement(request: NonNullable<TaskSpecRequest['Placement']>): Placement {
  return omitEmpty({
    Constraints: request.Constraints,
    Preferences: request.Preferences?.flatMap((preference) =>
      preference.Spread ? [{ Spread: { SpreadDescriptor: preference.Spread.SpreadDescriptor ?? '' } }] : [],
    ),
    MaxReplicas: request.MaxReplicas,
    Platforms: request.Platforms?.map((platform) => omitEmpty(platform)),
  }) as Placement;
}

function normaliseNetworks(request: NonNullable<ServiceSpecRequest['Networks']>): NetworkAttachmentConfig[] {
  return request.map((network) => ({
    Target: network.Target ?? '',
    ...omitEmpty({ Aliases: network.Aliases, DriverOpts: mapOrNothing(network.DriverOpts) }),
  })) as NetworkAttachmentConfig[];
}

/** A driver by name, with options: of logs, of secrets, of volumes. */
export function normaliseDriver(request: Driver): Driver {
  return omitEmpty({ Name: request.Name, Options: mapOrNothing(request.Options) });
}

function normaliseUpdateConfig(request: NonNullable<ServiceSpecRequest['UpdateConfig']>): UpdateConfig {
  const action = (['pause', 'continue', 'rollback'] as const).find(
    (known) => known === (request.FailureAction || 'pause'),
  );
  if (action === undefined) throw new ControlError(400, `unrecognized update failure action ${request.FailureAction}`);
  const order = (['stop-first', 'start-first'] as const).find((known) => known === (request.Order || 'stop-first'));
  if (order === undefined) throw new ControlError(400, `unrecognized update order ${request.Order}`);
  return {
    Parallelism: request.Parallelism ?? 0,
    ...(request.Delay ? { Delay: request.Delay } : {}),
    FailureAction: action,
    ...(request.Monitor ? { Monitor: request.Monitor } : {}),
    MaxFailureRatio: request.MaxFailureRatio ?? 0,
    Order: order,
  };
}

function normaliseEndpointSpec(request: NonNullable<ServiceSpecRequest['EndpointSpec']>): EndpointSpec {
  const mode = (['vip', 'dnsrr'] as const).find((known) => known === (request.Mode || 'vip'));
  if (mode === undefined) throw new ControlError(400, `invalid resolution mode: ${JSON.stringify(request.Mode)}`);
  const protocols = ['tcp', 'udp', 'sctp'] as const;
  const ports = request.Ports?.map((port) => ({
    ...(port.Name ? { Name: port.Name } : {}),
    Protocol: protocols.find((known) => known === port.Protocol?.toLowerCase()) ?? 'tcp',
    ...(port.TargetPort ? { TargetPort: port.TargetPort } : {}),
    ...(port.PublishedPort ? { PublishedPort: port.PublishedPort } : {}),
    PublishMode: port.PublishMode?.toLowerCase() === 'host' ? ('host' as const) : ('ingress' as const),
  }));
  return { Mode: mode, ...(ports !== undefined && ports.length > 0 ? { Ports: ports } : {}) };
}

function normaliseMode(request: NonNullable<ServiceSpecRequest['Mode']>): ServiceMode {
  const { Replicated, Global, ReplicatedJob, GlobalJob } = request;
  if ([Replicated, Global, ReplicatedJob, GlobalJob].filter((mode) => mode !== undefined).length > 1)
    throw new ControlError(400, 'must specify only one service mode');
  if (Global !== undefined) return { Global: {} };
  if (GlobalJob !== undefined) return { GlobalJob: {} };
  if (ReplicatedJob !== undefined) {
    const concurrent = ReplicatedJob.MaxConcurrent ?? 1;
    return {
      ReplicatedJob: { MaxConcurrent: concurrent, TotalCompletions: ReplicatedJob.TotalCompletions ?? concurrent },
    };
  }
  return { Replicated: { Replicas: Replicated?.Replicas ?? 1 } };
}
