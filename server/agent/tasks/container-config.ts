import type { PortStatus, Task } from '../../orchestrator/model/objects.ts';
import type { ContainerSpec, GenericResource, PortConfig } from '../../orchestrator/model/specs.ts';
import type { TaskNetworking } from '../node-network.ts';
import { systemLabels } from './container-name.ts';

export interface ContainerConfigInput {
  task: Task;
  /** The spec with its templates filled in. */
  spec: ContainerSpec;
  networking: TaskNetworking;
  /** Secrets and configs as bind mounts, `SOURCE:TARGET:ro`. */
  binds: string[];
}

/** The body of POST /containers/create for a task's container, as Swarm's own executor fills it in. */
export function containerConfig(input: ContainerConfigInput): Record<string, unknown> {
  const { task, spec, networking } = input;
  const hostPorts = hostModePorts(task);
  return compact({
    Image: spec.Image,
    Labels: { ...spec.Labels, ...systemLabels(task) },
    ...command(spec),
    Hostname: spec.Hostname,
    Env: [...(spec.Env ?? []), ...genericResourceEnvironment(task.GenericResources ?? [])],
    WorkingDir: spec.Dir,
    User: spec.User,
    StopSignal: spec.StopSignal,
    Tty: spec.TTY,
    OpenStdin: spec.OpenStdin,
    Healthcheck: spec.Healthcheck,
    ExposedPorts: Object.fromEntries(hostPorts.map((port) => [portKey(port), {}])),
    HostConfig: hostConfig(input, hostPorts),
    NetworkingConfig: { EndpointsConfig: networking.endpoints },
  });
}

/** `Command` replaces the image's whole entrypoint; `Args` alone are arguments for it. */
function command(spec: ContainerSpec): Record<string, string[] | undefined> {
  if (spec.Command?.length) return { Entrypoint: spec.Command, Cmd: spec.Args };
  return spec.Args?.length ? { Cmd: spec.Args } : {};
}

function hostConfig(input: ContainerConfigInput, hostPorts: PortConfig[]): Record<string, unknown> {
  const { task, spec, networking, binds } = input;
  const { nameservers, search, options } = networking.dns ?? {};
  const driver = task.logDriver ?? task.Spec.LogDriver;
  return compact({
    NetworkMode: networking.networkMode,
    RestartPolicy: { Name: 'no' },
    Binds: binds.length > 0 ? binds : undefined,
    Mounts: spec.Mounts,
    Init: spec.Init,
    Isolation: spec.Isolation,
    ReadonlyRootfs: spec.ReadOnly,
    CapAdd: spec.CapabilityAdd,
    CapDrop: spec.CapabilityDrop,
    GroupAdd: spec.Groups,
    Sysctls: spec.Sysctls,
    Dns: spec.DNSConfig?.Nameservers ?? nameservers,
    DnsSearch: spec.DNSConfig?.Search ?? search,
    DnsOptions: spec.DNSConfig?.Options ?? options,
    ExtraHosts: spec.Hosts?.flatMap(extraHost),
    LogConfig: driver && { Type: driver.Name ?? '', Config: driver.Options ?? {} },
    PortBindings: Object.fromEntries(hostPorts.map((port) => [portKey(port), [{ HostPort: publishedPort(port) }]])),
    ...limits(task),
    // A Swarm's executor sends a list even where it is empty, which is seen on the container.
    Ulimits: spec.Ulimits ?? [],
    ...privileges(spec),
  });
}

function limits(task: Task): Record<string, unknown> {
  const limit = task.Spec.Resources?.Limits;
  return { NanoCpus: limit?.NanoCPUs, Memory: limit?.MemoryBytes, PidsLimit: limit?.Pids };
}

/** The part of `Privileges` that says something about a Linux container without SELinux. */
function privileges(spec: ContainerSpec): Record<string, unknown> {
  const { Seccomp, AppArmor, NoNewPrivileges } = spec.Privileges ?? {};
  const options = [
    ...(modeOf(Seccomp) === 'unconfined' ? ['seccomp=unconfined'] : []),
    ...(modeOf(AppArmor) === 'disabled' ? ['apparmor=unconfined'] : []),
    ...(NoNewPrivileges === true ? ['no-new-privileges=true'] : []),
  ];
  return { SecurityOpt: options.length > 0 ? options : undefined };
}

function modeOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'Mode' in value ? value.Mode : undefined;
}

/** SwarmKit keeps `ADDRESS NAME [ALIAS..]`, the engine wants `NAME:ADDRESS`; aliases are left out, as Swarm leaves them out. */
function extraHost(entry: string): string[] {
  const [address, name] = entry.trim().split(/\s+/);
  return address !== undefined && name !== undefined ? [`${name}:${address}`] : [];
}

/** The ports that the task's own container publishes on its node. */
export function hostModePorts(task: Task): PortConfig[] {
  const ports = task.endpoint?.Ports ?? task.endpoint?.Spec?.Ports ?? [];
  return ports.filter((port) => port.PublishMode === 'host');
}

function portKey(port: PortConfig): string {
  return `${port.TargetPort}/${port.Protocol}`;
}

function publishedPort(port: PortConfig): string {
  return port.PublishedPort ? String(port.PublishedPort) : '';
}

/** What the engine bound for host-mode ports, as a task's status tells it. */
export function portStatus(bindings: Record<string, { HostPort: string }[] | null>): PortStatus {
  const ports = Object.entries(bindings).flatMap(([key, bound]) => {
    const [target, protocol] = key.split('/');
    if (protocol !== 'tcp' && protocol !== 'udp' && protocol !== 'sctp') return [];
    // One binding for IPv4 and one for IPv6 are one published port.
    const published = new Set((bound ?? []).map((binding) => Number(binding.HostPort)));
    return [...published].map(
      (port): PortConfig => ({
        Protocol: protocol,
        TargetPort: Number(target),
        PublishedPort: port,
        PublishMode: 'host',
      }),
    );
  });
  return ports.length > 0 ? { Ports: ports } : {};
}

/** Generic resources given to the task, as `DOCKER_RESOURCE_<KIND>=<values>`. */
function genericResourceEnvironment(resources: readonly GenericResource[]): string[] {
  const values = new Map<string, string[]>();
  for (const { NamedResourceSpec: named, DiscreteResourceSpec: discrete } of resources) {
    const kind = (named ?? discrete)?.Kind ?? '';
    const value = named?.Value ?? String(discrete?.Value ?? '');
    values.set(kind, [...(values.get(kind) ?? []), value]);
  }
  return [...values].map(([kind, each]) => `DOCKER_RESOURCE_${kind.toUpperCase()}=${each.join(',')}`);
}

function compact(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
