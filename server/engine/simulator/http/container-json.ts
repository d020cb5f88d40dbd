import type { SimulatedContainer } from '../container.ts';
import { describeMount } from '../container-mounts.ts';

/** `5 seconds`, `2 minutes`, `About an hour`: ages as the engine writes them in a container's status. */
function humanDuration(seconds: number): string {
  if (seconds < 1) return 'Less than a second';
  if (seconds < 2) return '1 second';
  if (seconds < 60) return `${Math.floor(seconds)} seconds`;
  const minutes = Math.floor(seconds / 60);
  if (minutes === 1) return 'About a minute';
  if (minutes < 60) return `${minutes} minutes`;
  const hours = Math.round(seconds / 3600);
  if (hours === 1) return 'About an hour';
  if (hours < 48) return `${hours} hours`;
  return `${Math.floor(hours / 24)} days`;
}

/** `Up 5 seconds (healthy)`, `Exited (1) 3 minutes ago`, `Created`. */
function statusText(container: SimulatedContainer, now: number): string {
  const { state } = container;
  const since = (timestamp: string) => humanDuration((now - Date.parse(timestamp)) / 1000);
  if (state.Status === 'created') return 'Created';
  if (!state.Running) return `Exited (${state.ExitCode}) ${since(state.FinishedAt)} ago`;
  const health =
    state.Health === undefined
      ? ''
      : state.Health.Status === 'starting'
        ? ' (health: starting)'
        : ` (${state.Health.Status})`;
  return `Up ${since(state.StartedAt)}${health}`;
}

/** A container as GET /containers/{id}/json shows it. */
export function inspectJson(container: SimulatedContainer): Record<string, unknown> {
  const { body, image } = container;
  const { HostConfig, NetworkingConfig, ...config } = body;
  const first = Object.values(container.endpoints)[0];
  return {
    Id: container.id,
    Created: container.created,
    Path: container.argv[0] ?? '',
    Args: container.argv.slice(1),
    State: { Paused: false, Restarting: false, Dead: false, ...container.state },
    Image: image.id,
    Name: `/${container.name}`,
    RestartCount: 0,
    Driver: 'overlay2',
    Platform: 'linux',
    MountLabel: '',
    ProcessLabel: '',
    AppArmorProfile: '',
    ExecIDs: null,
    HostConfig: {
      Binds: null,
      PortBindings: {},
      RestartPolicy: { Name: 'no', MaximumRetryCount: 0 },
      AutoRemove: false,
      Privileged: false,
      ...HostConfig,
      NetworkMode: networkMode(container),
    },
    Mounts: container.mounts.map(describeMount),
    Config: {
      AttachStdin: false,
      AttachStdout: true,
      AttachStderr: true,
      Tty: false,
      OpenStdin: false,
      StdinOnce: false,
      Volumes: null,
      OnBuild: null,
      ...config,
      Hostname: container.hostname,
      Env: [...image.config.Env, ...(body.Env ?? [])],
      Cmd: body.Cmd ?? image.config.Cmd,
      Entrypoint: body.Entrypoint ?? image.config.Entrypoint,
      Labels: container.labels,
      WorkingDir: body.WorkingDir || image.config.WorkingDir,
    },
    NetworkSettings: {
      Ports: container.ports ?? {},
      IPAddress: container.endpoints.bridge?.IPAddress ?? '',
      MacAddress: first?.MacAddress ?? '',
      Networks: networksOf(container),
    },
  };
}

/** What `default` means on Linux, as the engine shows it since 26. */
function networkMode({ body }: SimulatedContainer): string {
  const mode = body.HostConfig?.NetworkMode ?? 'default';
  return mode === 'default' ? 'bridge' : mode;
}

/** The networks it is on, and those that it will be on once it runs, without addresses. */
function networksOf({ wanted, endpoints }: SimulatedContainer): Record<string, unknown> {
  const waiting = [...wanted].map(([name, settings]) => [
    name,
    { ...settings, NetworkID: '', EndpointID: '', IPAddress: '', MacAddress: '' },
  ]);
  return { ...Object.fromEntries(waiting), ...endpoints };
}

/** A container as GET /containers/json lists it. */
export function listJson(container: SimulatedContainer, now: number): Record<string, unknown> {
  const ports = Object.entries(container.ports ?? {}).flatMap(([key, bindings]) => {
    const [port, Type] = key.split('/');
    const PrivatePort = Number(port);
    return bindings?.length
      ? bindings.map(({ HostIp, HostPort }) => ({ IP: HostIp, PrivatePort, PublicPort: Number(HostPort), Type }))
      : [{ PrivatePort, Type }];
  });
  const exposed = Object.keys(container.image.config.ExposedPorts ?? {}).map((key) => {
    const [port, Type] = key.split('/');
    return { PrivatePort: Number(port), Type };
  });
  return {
    Id: container.id,
    Names: [`/${container.name}`],
    Image: container.body.Image ?? '',
    ImageID: container.image.id,
    Command: container.argv.map((word) => (/\s/.test(word) ? `'${word}'` : word)).join(' '),
    Created: Math.floor(Date.parse(container.created) / 1000),
    Ports: container.state.Running ? (ports.length > 0 ? ports : exposed) : [],
    Labels: container.labels,
    State: container.state.Status,
    Status: statusText(container, now),
    HostConfig: { NetworkMode: networkMode(container) },
    NetworkSettings: { Networks: container.endpoints },
    Mounts: container.mounts.map(describeMount),
  };
}
