import { VirtualClock } from '../../../server/clock/virtual-clock.ts';
import type { EngineEvent } from '../../../server/engine/engine.ts';
import type { JsonAnswer, JsonApi, JsonRequest } from '../../../server/gateway/networks/json-api.ts';
import type { LocalOverlay, LocalOverlays } from '../../../server/gateway/networks/local-overlays.ts';
import type { NetworkPresentation } from '../../../server/gateway/networks/network-presentation.ts';
import { createNetworkPresentation } from '../../../server/gateway/networks/swarm-networks.ts';
import type { PublishedPortState } from '../../../server/orchestrator/dispatcher/protocol.ts';
import { TEXTS } from '../../../server/orchestrator/membership/texts.ts';
import { INGRESS, overlayId, overlayState, type TestOverlay, type TestTask } from './fake-node.ts';

const WORKER =
  "This node is not a swarm manager. Worker nodes can't be used to view or modify cluster state. Please run this command on a manager node or promote the current node to a manager.";

interface Endpoint {
  NetworkID: string;
  IPAddress: string;
  IPAMConfig: { IPv4Address?: string } | null;
  Aliases: string[] | null;
}

interface Container {
  Id: string;
  Name: string;
  State: { Running: boolean; Restarting: boolean };
  HostConfig: { AutoRemove: boolean };
  Config: { Labels: Record<string, string> };
  NetworkSettings: { Networks: Record<string, Endpoint> };
}

/** A node's engine with the bridge networks of its overlays, and a swarm in which it is a manager or a worker. */
export class FakeApis {
  readonly clock = new VirtualClock();
  readonly overlays: LocalOverlay[] = [];
  readonly own: { Id: string; Name: string; Labels: Record<string, string> }[] = [];
  readonly containers = new Map<string, Container>();
  readonly stored: { Id: string; Name: string; Ingress: boolean; inUse?: boolean }[] = [];
  /** `network container`, as the orchestrator has them. */
  readonly attached = new Set<string>();
  readonly attachable = new Set<string>();
  published: PublishedPortState[] = [];
  manager = true;
  /** Whether the manager waits for its key. */
  locked = false;
  /** Whether the swarm has a leader. */
  led = true;
  nextAddress = 20;
  readonly networks: NetworkPresentation;
  #emit: (event: EngineEvent) => void = () => {};

  constructor() {
    for (const Name of ['bridge', 'host', 'none']) this.own.push({ Id: engineId(Name), Name, Labels: {} });
    const overlays: LocalOverlays = {
      list: () => this.overlays,
      ofBridge: (id) => this.overlays.find(({ engineId: other }) => other === id)?.state,
      published: () => this.published,
      waitFor: async (id) => {
        const found = this.overlays.find(({ state }) => state.id === id);
        if (!found) throw new Error('not here');
        return found;
      },
    };
    this.networks = createNetworkPresentation({
      ...{ overlays, clock: this.clock, log: () => {} },
      engine: this.#engine,
      swarm: this.#swarm,
      events: (signal) => this.#events(signal),
    });
  }

  /** Puts an overlay in place on the node, with these tasks on it. */
  carry(overlay: TestOverlay, tasks: TestTask[] = []): void {
    const state = overlayState('a', overlay, tasks);
    this.overlays.push({ state, engineId: engineId(overlay.name), engineName: overlay.name });
    this.own.push({
      Id: engineId(overlay.name),
      Name: overlay.name,
      Labels: { 'swarmlab.overlay': overlayId(overlay.name) },
    });
  }

  store(name: string, options: { ingress?: boolean; attachable?: boolean; inUse?: boolean } = {}): void {
    const { ingress = false, inUse = false } = options;
    this.stored.push({ Id: overlayId(name), Name: name, Ingress: ingress, inUse });
    if (options.attachable) this.attachable.add(name);
  }

  container(name: string, networks: string[], running = true): Container {
    const endpoints = networks.map((network): [string, Endpoint] => [
      network,
      { NetworkID: engineId(network), IPAddress: '', IPAMConfig: null, Aliases: null },
    ]);
    const container: Container = {
      Id: engineId(name),
      Name: `/${name}`,
      State: { Running: running, Restarting: false },
      HostConfig: { AutoRemove: false },
      Config: { Labels: {} },
      NetworkSettings: { Networks: Object.fromEntries(endpoints) },
    };
    this.containers.set(name, container);
    return container;
  }

  /** The engine tells that a container has ended, and everybody hears of it. */
  async ended(name: string): Promise<void> {
    const container = this.containers.get(name);
    if (container) container.State.Running = false;
    this.#emit({ Type: 'container', Action: 'die', Actor: { ID: engineId(name), Attributes: { name } }, timeNano: 0 });
    await this.clock.advance(0);
  }

  ask(method: string, url: string, body?: unknown): Promise<JsonAnswer> {
    const [path = '', query = ''] = url.split('?');
    return this.networks.networks({ method, path, query: new URLSearchParams(query), body });
  }

  readonly #engine: JsonApi = async ({ method, path, body }: JsonRequest) => {
    const [, kind, name = '', action] = (path.split('?')[0] ?? '').split('/');
    if (kind === 'containers' && name === 'json') {
      const tasks = [...this.containers.values()].filter(({ Config }) => 'com.docker.swarm.task.id' in Config.Labels);
      return { status: 200, body: tasks.map(({ Name, Config }) => ({ Names: [Name], Labels: Config.Labels })) };
    }
    if (kind === 'containers') {
      const container = this.#container(name);
      if (method === 'DELETE') this.containers.delete(container?.Name.slice(1) ?? '');
      return container ? { status: 200, body: container } : notFound(`No such container: ${name}`);
    }
    if (method === 'GET' && name === '') return { status: 200, body: this.own.map(shown) };
    if (name === 'create' || name === 'prune') return { status: 200, body: { asked: path, body } };
    const network = this.own.find(({ Id, Name }) => Id === name || Name === name);
    if (!network) return notFound(`network ${name} not found`);
    if (method === 'DELETE') return { status: 204 };
    if (method === 'GET') return { status: 200, body: { ...shown(network), Containers: this.#members(network.Id) } };
    const { Container = '', EndpointConfig } = body as { Container?: string; EndpointConfig?: Partial<Endpoint> };
    const container = this.#container(Container);
    if (!container) return notFound(`No such container: ${Container}`);
    if (action === 'disconnect') delete container.NetworkSettings.Networks[network.Name];
    else {
      container.NetworkSettings.Networks[network.Name] = {
        NetworkID: network.Id,
        IPAddress: container.State.Running ? (EndpointConfig?.IPAMConfig?.IPv4Address ?? '') : '',
        IPAMConfig: EndpointConfig?.IPAMConfig ?? null,
        Aliases: EndpointConfig?.Aliases ?? null,
      };
    }
    return { status: 200 };
  };

  readonly #swarm: JsonApi = async ({ method, path, body }: JsonRequest) => {
    const [, kind, name = '', container = ''] = (path.split('?')[0] ?? '').split('/');
    if (kind === 'attachments') {
      if (method === 'DELETE') {
        this.attached.delete(`${name} ${container}`);
        return { status: 204 };
      }
      const { target, containerId, address } = body as { target: string; containerId: string; address?: string };
      const network = this.stored.find(({ Id, Name }) => Id === target || Name === target);
      const missing = `rpc error: code = NotFound desc = network ${target} not found`;
      if (!network) return notFound(`Could not attach to network ${target}: ${missing}`);
      const denied = `rpc error: code = PermissionDenied desc = network ${network.Name} not manually attachable`;
      if (!this.attachable.has(network.Name)) return { status: 403, body: { message: denied } };
      this.attached.add(`${network.Id} ${containerId}`);
      const given = `${address ?? `10.0.1.${this.nextAddress++}`}/24`;
      return {
        status: 201,
        body: { taskId: 'task', networkId: network.Id, networkName: network.Name, address: given },
      };
    }
    if (this.locked) return { status: 503, body: { message: TEXTS.locked } };
    if (!this.manager) return { status: 503, body: { message: WORKER } };
    if (!this.led) return { status: 500, body: { message: 'rpc error: code = Unknown desc = no leader' } };
    if (name === '') {
      const all = this.stored.map(({ Id, Name, Ingress }) => ({
        ...shown({ Id, Name, Labels: {} }),
        Scope: 'swarm',
        Driver: 'overlay',
        Ingress,
        Labels: null,
        Containers: null,
      }));
      return { status: 200, body: all };
    }
    if (name === 'create') return { status: 201, body: { Id: 'new', asked: path } };
    if (method === 'GET') {
      if (name !== 'host') return notFound(`network ${name} not found`);
      return { status: 200, body: { ...shown({ Id: overlayId('host'), Name: 'host', Labels: {} }), Scope: 'swarm' } };
    }
    const network = this.stored.find(({ Id }) => Id === name);
    return network?.inUse ? { status: 400, body: { message: 'in use' } } : { status: 204 };
  };

  #container(term: string): Container | undefined {
    return [...this.containers].find(([name, { Id }]) => name === term || Id === term)?.[1];
  }

  #members(networkId: string): Record<string, unknown> {
    const on = [...this.containers].flatMap(([Name, { Id, NetworkSettings }]) =>
      Object.values(NetworkSettings.Networks)
        .filter(({ NetworkID }) => NetworkID === networkId)
        .map(({ IPAddress }) => [
          Id,
          { Name, EndpointID: 'e', MacAddress: 'm', IPv4Address: `${IPAddress}/24`, IPv6Address: '' },
        ]),
    );
    return Object.fromEntries(on);
  }

  async *#events(signal: AbortSignal): AsyncIterable<EngineEvent> {
    const pending: EngineEvent[] = [];
    let wake = () => {};
    this.#emit = (event) => {
      pending.push(event);
      wake();
    };
    signal.addEventListener('abort', () => wake());
    while (!signal.aborted) {
      yield* pending.splice(0);
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
}

export function engineId(name: string): string {
  return Buffer.from(name).toString('hex').padEnd(64, '0');
}

function shown({ Id, Name, Labels }: { Id: string; Name: string; Labels: Record<string, string> }) {
  const Driver = { host: 'host', none: 'null' }[Name] ?? 'bridge';
  return {
    ...{ Name, Id, Created: '2026-01-01T00:00:00Z', Scope: 'local', Driver, EnableIPv6: false },
    IPAM: { Driver: 'default', Options: null, Config: [{ Subnet: '172.18.0.0/16', Gateway: '172.18.0.1' }] },
    ...{ Internal: false, Attachable: false, Ingress: false, ConfigFrom: { Network: '' }, ConfigOnly: false },
    ...{ Containers: {}, Options: {}, Labels },
  };
}

function notFound(message: string): JsonAnswer {
  return { status: 404, body: { message } };
}

/** A manager that is in a swarm with nothing on it. */
export function freshNode(): FakeApis {
  const apis = new FakeApis();
  apis.carry(INGRESS);
  apis.store('ingress', { ingress: true });
  apis.own.push({
    Id: engineId('docker_gwbridge'),
    Name: 'docker_gwbridge',
    Labels: { 'swarmlab.gateway-bridge': '' },
  });
  return apis;
}
