import type { RestartPolicy, ServiceSpec, TaskSpec, UpdateConfig } from '../../model/specs.ts';

const SECOND = 1_000_000_000;

/** The spec with Swarm's defaults in place of what was not asked for, as `?insertDefaults=true` shows it. */
export function insertDefaults(spec: ServiceSpec): ServiceSpec {
  const { Name, Labels, TaskTemplate, Mode, UpdateConfig, RollbackConfig, ...rest } = spec;
  return {
    Name,
    Labels,
    TaskTemplate: taskDefaults(TaskTemplate),
    Mode,
    UpdateConfig: updateDefaults(UpdateConfig),
    RollbackConfig: updateDefaults(RollbackConfig),
    ...rest,
  };
}

function taskDefaults(template: TaskSpec): TaskSpec {
  const { ContainerSpec, NetworkAttachmentSpec, Resources, RestartPolicy, Placement, ...rest } = template;
  return {
    ...(ContainerSpec === undefined ? {} : { ContainerSpec: containerDefaults(ContainerSpec) }),
    ...(NetworkAttachmentSpec === undefined ? {} : { NetworkAttachmentSpec }),
    Resources: Resources ?? {},
    RestartPolicy: restartDefaults(RestartPolicy),
    Placement: Placement ?? {},
    ...rest,
  };
}

function containerDefaults(container: NonNullable<TaskSpec['ContainerSpec']>): NonNullable<TaskSpec['ContainerSpec']> {
  const { Secrets, Configs, Isolation, Sysctls, CapabilityAdd, CapabilityDrop, Ulimits, DNSConfig, ...front } =
    container;
  const { StopGracePeriod = 10 * SECOND, Healthcheck, Hosts, ...before } = front;
  const last = { Secrets, Configs, Isolation, Sysctls, CapabilityAdd, CapabilityDrop, Ulimits };
  return {
    ...before,
    StopGracePeriod,
    ...present({ Healthcheck, Hosts }),
    DNSConfig: DNSConfig ?? {},
    ...present(last),
  };
}

function present<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}

function restartDefaults(policy: RestartPolicy | undefined): RestartPolicy {
  const { Condition = 'any', Delay = 5 * SECOND, MaxAttempts = 0, Window } = policy ?? {};
  return { Condition, Delay, MaxAttempts, ...(Window === undefined ? {} : { Window }) };
}

function updateDefaults(config: UpdateConfig | undefined): UpdateConfig {
  const { Parallelism = 1, Delay, FailureAction = 'pause', Monitor = 5 * SECOND } = config ?? {};
  return {
    Parallelism,
    ...(Delay === undefined ? {} : { Delay }),
    FailureAction,
    Monitor,
    MaxFailureRatio: config?.MaxFailureRatio ?? 0,
    Order: config?.Order ?? 'stop-first',
  };
}
