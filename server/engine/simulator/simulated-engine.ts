import { createHash } from 'node:crypto';
import type { Clock } from '../../clock/clock.ts';
import {
  type ContainerInspect,
  type ContainerLogLine,
  type ContainerLogOptions,
  type ContainerSummary,
  type Engine,
  EngineError,
  type EngineEvent,
  type EngineInfo,
} from '../engine.ts';
import { type ContainerHost, SimulatedContainer } from './container.ts';
import type { ContainerBody } from './container-body.ts';
import { containerMounts } from './container-mounts.ts';
import { Crashes } from './crashes.ts';
import { EventLog } from './event-log.ts';
import { publishPorts } from './host-ports.ts';
import { ImageStore } from './images.ts';
import { macOf, NetworkTable, type SimulatedNetwork } from './networks.ts';
import type { ProgramNetwork } from './programs/program.ts';
import { VolumeFiles } from './volume-files.ts';

/** Containers of one node: more than any lab has, and little for the process that many nodes share. */
const CONTAINERS = 2_000;
/** The same of volumes, each of which may hold some megabytes. */
const VOLUMES = 200;

/** What dockerd notes of the bridge that it makes itself. */
const DEFAULT_BRIDGE = {
  'com.docker.network.bridge.default_bridge': 'true',
  'com.docker.network.bridge.enable_icc': 'true',
  'com.docker.network.bridge.enable_ip_masquerade': 'true',
  'com.docker.network.bridge.host_binding_ipv4': '0.0.0.0',
  'com.docker.network.bridge.name': 'docker0',
  'com.docker.network.driver.mtu': '1500',
};

/** The machine that a simulated engine pretends to run on. */
export interface SimulatedMachine {
  hostname: string;
  cpus: number;
  memoryBytes: number;
  /** `26.1.5+dfsg1`, as on the real nodes. */
  engineVersion: string;
}

/** What goes wrong, or slowly, on demand. Changed at any time; what runs already goes on. */
export interface EngineFaults {
  /** Milliseconds that starting a container takes. */
  startDelay: number;
  /** Milliseconds that pulling an image takes. */
  pullDelay: number;
  /** Everything that needs space fails. */
  diskFull: boolean;
}

/** Where containers' programs find each other: the wiring between the nodes of a simulated cluster. */
export interface SimulatedWire {
  /** Puts a running container on the wire, under its addresses; disposed when it ends. */
  join(engine: SimulatedEngine, container: SimulatedContainer): { network: ProgramNetwork; dispose(): void };
  /** An image from the lab's registry, if it is switched on and has it. */
  pull(reference: string): ReturnType<ImageStore['find']>;
}

/** A node's engine without a machine: images, containers with simulated programs, networks, volumes, events. */
export class SimulatedEngine implements Engine {
  readonly images = new ImageStore();
  readonly networks = new NetworkTable();
  readonly volumes = new Map<
    string,
    { name: string; driver: string; created: string; labels: Record<string, string>; contents: VolumeFiles }
  >();
  readonly eventLog: EventLog;
  readonly machine: SimulatedMachine;
  readonly clock: Clock;
  /** The engine's own ID, as `docker info` shows it. */
  readonly id: string;
  readonly faults: EngineFaults = { startDelay: 0, pullDelay: 0, diskFull: false };
  /** Services whose tasks crash on demand. */
  readonly crashes: Crashes;
  readonly #wire: SimulatedWire;
  readonly #containers = new Map<string, SimulatedContainer>();
  readonly #byName = new Map<string, SimulatedContainer>();
  readonly #host: ContainerHost;
  #created = 0;

  constructor(options: { clock: Clock; machine: SimulatedMachine; wire: SimulatedWire }) {
    this.clock = options.clock;
    this.machine = options.machine;
    this.id = this.newId('engine');
    this.#wire = options.wire;
    this.eventLog = new EventLog(options.clock);
    this.crashes = new Crashes(options.clock);
    this.#host = {
      clock: options.clock,
      startDelay: () => this.faults.startDelay,
      join: (container) => this.#wire.join(this, container),
      volume: (name) => this.volumes.get(name)?.contents ?? new VolumeFiles(),
      emit: (container, action, attributes = {}) => this.#emit(container, action, attributes),
    };
    for (const [name, driver] of [
      ['bridge', 'bridge'],
      ['host', 'host'],
      ['none', 'null'],
    ] as const) {
      const subnet = name === 'bridge' ? '172.17.0.0/16' : '';
      const options = name === 'bridge' ? DEFAULT_BRIDGE : {};
      this.#addNetwork({ name, driver, subnet, gateway: name === 'bridge' ? '172.17.0.1' : '', options });
    }
  }

  /** A 64-digit ID that no other object of any node has. */
  newId(kind: string): string {
    return createHash('sha256')
      .update(`${this.machine.hostname}/${kind}/${this.#created++}/${this.clock.now()}`)
      .digest('hex');
  }

  async info(): Promise<EngineInfo> {
    return {
      Name: this.machine.hostname,
      NCPU: this.machine.cpus,
      MemTotal: this.machine.memoryBytes,
      Architecture: 'x86_64',
      OSType: 'linux',
      ServerVersion: this.machine.engineVersion,
      Labels: [],
      Plugins: {
        Volume: ['local'],
        Network: ['bridge', 'host', 'ipvlan', 'macvlan', 'null', 'overlay'],
        Authorization: null,
        Log: ['awslogs', 'fluentd', 'gcplogs', 'gelf', 'journald', 'json-file', 'local', 'splunk', 'syslog'],
      },
    };
  }

  async pullImage(reference: string): Promise<void> {
    if (this.faults.pullDelay > 0)
      await new Promise<void>((resolve) => this.clock.after(this.faults.pullDelay, resolve));
    if (this.faults.diskFull) throw new EngineError(500, 'write /var/lib/docker: no space left on device');
    const image = this.#wire.pull(reference);
    if (image === undefined) {
      throw new EngineError(
        404,
        `pull access denied for ${reference}, repository does not exist or may require 'docker login'`,
      );
    }
    this.images.add(reference, image);
    this.eventLog.emit('image', 'pull', reference, { name: reference });
  }

  async createContainer(name: string, body: Record<string, unknown>): Promise<{ Id: string; Warnings: string[] }> {
    const spec = body as ContainerBody;
    const image = this.images.find(spec.Image ?? '');
    if (image === undefined) throw new EngineError(404, `No such image: ${withTag(spec.Image ?? '')}`);
    if (this.faults.diskFull) throw new EngineError(500, 'mkdir /var/lib/docker/overlay2: no space left on device');
    if (this.#containers.size >= CONTAINERS)
      throw new EngineError(500, `a simulated node has room for ${CONTAINERS} containers; remove some`);
    const holder = this.#byName.get(name);
    if (holder !== undefined) {
      throw new EngineError(
        409,
        `Conflict. The container name "/${name}" is already in use by container "${holder.id}". You have to remove (or rename) that container to be able to reuse that name.`,
      );
    }
    const mounts = containerMounts(spec, () => this.newId('volume'));
    for (const { type, source } of mounts) if (type === 'volume') await this.createVolume({ Name: source });
    const container = new SimulatedContainer(this.#host, { id: this.newId('container'), name, mounts }, image, spec);
    this.#containers.set(container.id, container);
    this.#byName.set(name, container);
    this.#emit(container, 'create', {});
    return { Id: container.id, Warnings: [] };
  }

  async startContainer(id: string): Promise<void> {
    const container = this.container(id);
    if (container.state.Running) return;
    try {
      this.#attach(container);
      container.ports = publishPorts(container, this.containers());
      await container.start();
      this.crashes.started(container);
    } catch (error) {
      this.#detach(container);
      if (container.body.HostConfig?.AutoRemove === true)
        await this.removeContainer(id, { force: true, volumes: true });
      throw error;
    }
  }

  async stopContainer(id: string, timeoutSeconds?: number): Promise<void> {
    await this.container(id).stop(timeoutSeconds);
  }

  async removeContainer(id: string, options: { force: boolean; volumes: boolean }): Promise<void> {
    const container = this.container(id);
    if (container.state.Running) {
      if (!options.force) {
        throw new EngineError(
          409,
          `cannot remove container "/${container.name}": container is running: stop the container before removing or force remove`,
        );
      }
      container.kill('SIGKILL');
    }
    this.#detach(container);
    this.#containers.delete(container.id);
    this.#byName.delete(container.name);
    container.removed();
    if (options.volumes)
      for (const { anonymous, source } of container.mounts) if (anonymous) this.volumes.delete(source);
    this.#emit(container, 'destroy', {});
  }

  renameContainer(id: string, name: string): void {
    const container = this.container(id);
    if (name === '' || this.#byName.has(name)) {
      throw new EngineError(
        name === '' ? 400 : 409,
        `Error when allocating new name: Conflict. The container name "/${name}" is already in use`,
      );
    }
    this.#byName.delete(container.name);
    container.name = name;
    this.#byName.set(name, container);
  }

  async inspectContainer(id: string): Promise<ContainerInspect> {
    const container = this.container(id);
    return {
      Id: container.id,
      Name: `/${container.name}`,
      Created: container.created,
      State: { ...container.state },
      Config: { Labels: container.labels, Image: container.body.Image ?? '', Tty: container.body.Tty === true },
      NetworkSettings: { Ports: container.ports, Networks: container.endpoints },
    };
  }

  async listContainers(options: { all: boolean; labels?: string[] }): Promise<ContainerSummary[]> {
    const matches = (container: SimulatedContainer) =>
      (options.labels ?? []).every((wanted) => {
        const [key = '', value] = wanted.split(/=(.*)/s);
        return key in container.labels && (value === undefined || container.labels[key] === value);
      });
    return this.containers()
      .filter((container) => (options.all || container.state.Running) && matches(container))
      .map((container) => ({
        Id: container.id,
        Names: [`/${container.name}`],
        Labels: container.labels,
        State: container.state.Status,
      }));
  }

  async waitContainer(
    id: string,
    signal?: AbortSignal,
  ): Promise<{ StatusCode: number; Error?: { Message: string } | null }> {
    const container = this.container(id);
    await new Promise<void>((resolve, reject) => {
      void container.wait().then(resolve);
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
    return { StatusCode: container.state.ExitCode };
  }

  async putArchive(id: string, path: string, tar: Uint8Array): Promise<void> {
    await this.container(id).files().unpack(path, tar);
  }

  containerLogs(id: string, options: ContainerLogOptions): AsyncIterable<ContainerLogLine> {
    return this.container(id).readLog(options);
  }

  async createVolume(body: Record<string, unknown>): Promise<void> {
    const name = typeof body.Name === 'string' && body.Name !== '' ? body.Name : this.newId('volume');
    if (this.volumes.has(name)) return;
    if (this.volumes.size >= VOLUMES)
      throw new EngineError(500, `a simulated node has room for ${VOLUMES} volumes; remove some`);
    const labels = (body.Labels ?? {}) as Record<string, string>;
    const created = this.clock.timestamp();
    this.volumes.set(name, { name, driver: 'local', created, labels, contents: new VolumeFiles() });
    this.eventLog.emit('volume', 'create', name, { driver: 'local' });
  }

  async listNetworks(): Promise<Record<string, unknown>[]> {
    return this.networks.list().map((network) => describeNetwork(network));
  }

  async createNetwork(body: Record<string, unknown>): Promise<{ Id: string }> {
    if (body.Ingress === true) throw new EngineError(403, 'Ingress network can only be global scope network');
    const ipam = (body.IPAM as { Config?: { Subnet?: string; Gateway?: string }[] } | undefined)?.Config?.[0];
    const network = this.#addNetwork({
      name: String(body.Name),
      driver: String(body.Driver ?? 'bridge'),
      ...(ipam?.Subnet === undefined ? {} : { subnet: ipam.Subnet }),
      ...(ipam?.Gateway === undefined ? {} : { gateway: ipam.Gateway }),
      internal: body.Internal === true,
      attachable: body.Attachable === true,
      labels: (body.Labels ?? {}) as Record<string, string>,
      options: (body.Options ?? {}) as Record<string, string>,
    });
    this.eventLog.emit('network', 'create', network.id, { name: network.name, type: network.driver });
    return { Id: network.id };
  }

  async removeNetwork(id: string): Promise<void> {
    const network = this.networks.remove(id);
    this.eventLog.emit('network', 'destroy', network.id, { name: network.name, type: network.driver });
  }

  async connectNetwork(id: string, body: Record<string, unknown>): Promise<void> {
    const settings = body.EndpointConfig as { IPAMConfig?: { IPv4Address?: string } } | undefined;
    const container = this.container(String(body.Container));
    const network = this.networks.get(id);
    // A container that does not run has no address; it gets one when it starts.
    if (container.state.Running) this.#connect(container, network, settings?.IPAMConfig?.IPv4Address);
    container.wanted.set(network.name, settings ?? null);
  }

  async disconnectNetwork(id: string, body: Record<string, unknown>): Promise<void> {
    const container = this.container(String(body.Container));
    const network = this.networks.get(id);
    network.members.delete(container.id);
    delete container.endpoints[network.name];
    container.wanted.delete(network.name);
  }

  async inspectNetwork(id: string): Promise<Record<string, unknown>> {
    return describeNetwork(this.networks.get(id));
  }

  events(signal: AbortSignal): AsyncIterable<EngineEvent> {
    return this.eventLog.follow(signal);
  }

  containers(): SimulatedContainer[] {
    return [...this.#containers.values()];
  }

  /** By ID, name or the beginning of an ID; throws 404. */
  container(reference: string): SimulatedContainer {
    const name = reference.replace(/^\//, '');
    const exact = this.#containers.get(reference) ?? this.#byName.get(name);
    const found = exact ?? (name === '' ? undefined : this.containers().find(({ id }) => id.startsWith(name)));
    if (found === undefined) throw new EngineError(404, `No such container: ${reference}`);
    return found;
  }

  #addNetwork(network: { name: string; driver: string } & Partial<SimulatedNetwork>): SimulatedNetwork {
    return this.networks.add({
      id: this.newId('network'),
      created: this.clock.timestamp(),
      internal: false,
      attachable: false,
      labels: {},
      options: {},
      ...network,
    });
  }

  #attach(container: SimulatedContainer): void {
    for (const [reference, settings] of container.wanted) {
      this.#connect(container, this.networks.get(reference), settings?.IPAMConfig?.IPv4Address);
    }
  }

  #connect(container: SimulatedContainer, network: SimulatedNetwork, wanted: string | undefined): void {
    if (network.members.has(container.id)) return;
    const address = this.networks.allocate(network, wanted);
    const endpointId = this.newId('endpoint');
    const mac = address === '' ? '' : macOf(address);
    network.members.set(container.id, { endpointId, address, mac, name: container.name });
    container.endpoints[network.name] = {
      NetworkID: network.id,
      EndpointID: endpointId,
      IPAddress: address,
      MacAddress: mac,
    };
  }

  #detach(container: SimulatedContainer): void {
    for (const network of this.networks.list()) network.members.delete(container.id);
    container.endpoints = {};
    container.ports = null;
  }

  #onExit(container: SimulatedContainer): void {
    this.#detach(container);
    if (container.body.HostConfig?.AutoRemove !== true) return;
    // After the waiters have read the exit code, as the engine does for `docker run --rm`.
    this.clock.after(0, () => void this.removeContainer(container.id, { force: true, volumes: true }).catch(() => {}));
  }

  #emit(container: SimulatedContainer, action: string, attributes: Record<string, string>): void {
    if (action === 'die') this.#onExit(container);
    this.eventLog.emit('container', action, container.id, {
      ...container.labels,
      image: container.body.Image ?? '',
      name: container.name,
      ...attributes,
    });
  }
}

function withTag(reference: string): string {
  return /[:@][^/]*$/.test(reference) ? reference : `${reference}:latest`;
}

/** A network as GET /networks/{id} shows it. */
export function describeNetwork(network: SimulatedNetwork): Record<string, unknown> {
  const length = network.subnet.split('/')[1] ?? '';
  return {
    Name: network.name,
    Id: network.id,
    Created: network.created,
    Scope: 'local',
    Driver: network.driver,
    EnableIPv6: false,
    IPAM: {
      Driver: 'default',
      Options: null,
      Config: network.subnet === '' ? null : [{ Subnet: network.subnet, Gateway: network.gateway }],
    },
    Internal: network.internal,
    Attachable: network.attachable,
    Ingress: false,
    ConfigFrom: { Network: '' },
    ConfigOnly: false,
    Containers: Object.fromEntries(
      [...network.members].map(([id, member]) => [
        id,
        {
          Name: member.name,
          EndpointID: member.endpointId,
          MacAddress: member.mac,
          IPv4Address: member.address === '' ? '' : `${member.address}/${length}`,
          IPv6Address: '',
        },
      ]),
    ),
    Options: network.options,
    Labels: network.labels,
  };
}
