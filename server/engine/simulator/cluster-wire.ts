import type { SimulatedContainer } from './container.ts';
import type { ImageStore, SimulatedImage } from './images.ts';
import type { SimulatedNetwork } from './networks.ts';
import type { HttpAnswer, HttpListener, HttpRequest, ProgramNetwork } from './programs/program.ts';
import type { SimulatedEngine, SimulatedWire } from './simulated-engine.ts';

/** What a node's part of the cluster's networks says about names and addresses; the agent of an embedded node provides it. */
export interface NodeView {
  /** Addresses of a name as a container on these networks of the engine would be told; undefined when the name is unknown there. */
  resolve(name: string, networks: readonly SimulatedNetwork[]): string[] | undefined;
  /** Where a connection to this address and port of a virtual IP goes; undefined when the address is no virtual IP. */
  balance(
    address: string,
    port: number,
    networks: readonly SimulatedNetwork[],
  ): { address: string; port: number } | undefined;
  /**
   * Where a connection to a published port of the node goes, and from which of the node's addresses it comes there; undefined when the
   * port is not published in the mesh.
   */
  mesh(port: number): { address: string; port: number; from: string } | undefined;
}

interface WiredNode {
  name: string;
  address: string;
  engine: SimulatedEngine;
  view: NodeView | undefined;
  /** Whether the node runs and its cable is in. */
  connected: boolean;
}

const REFUSED = 'Connection refused';
const UNREACHABLE = 'No route to host';

/**
 * The wiring of a simulated cluster: which container listens where, which node answers, and where names lead. It stands for bridges,
 * tunnels and the mesh at once; which way a connection takes is decided by the nodes' own views.
 */
export class ClusterWire implements SimulatedWire {
  readonly #zone: Readonly<Record<string, string[]>>;
  readonly #nodes = new Map<string, WiredNode>();
  readonly #byEngine = new Map<SimulatedEngine, WiredNode>();
  /** Listening programs by engine network label or ID, address and port. */
  readonly #listeners = new Map<string, { node: WiredNode; listener: HttpListener }>();
  /** The lab's registry, while it is switched on. */
  registry: ImageStore | undefined;

  /** `zone`: names that mean the same everywhere in the cluster, in lower case. */
  constructor(zone: Readonly<Record<string, string[]>>) {
    this.#zone = zone;
  }

  addNode(name: string, address: string, engine: SimulatedEngine): void {
    const node: WiredNode = { name, address, engine, view: undefined, connected: true };
    this.#nodes.set(name, node);
    this.#byEngine.set(engine, node);
  }

  setView(name: string, view: NodeView | undefined): void {
    const node = this.#nodes.get(name);
    if (node !== undefined) node.view = view;
  }

  /** Pulls a node's cable, or puts it back. */
  setConnected(name: string, connected: boolean): void {
    const node = this.#nodes.get(name);
    if (node !== undefined) node.connected = connected;
  }

  isConnected(name: string): boolean {
    return this.#nodes.get(name)?.connected === true;
  }

  pull(reference: string): SimulatedImage | undefined {
    return this.registry?.find(reference);
  }

  join(engine: SimulatedEngine, container: SimulatedContainer): { network: ProgramNetwork; dispose(): void } {
    const node = this.#byEngine.get(engine);
    if (node === undefined) throw new Error('the engine is not on the wire');
    const opened: string[] = [];
    return {
      network: this.#networkOf(node, container, opened),
      dispose: () => {
        for (const key of opened) this.#listeners.delete(key);
      },
    };
  }

  /** The network as somebody sees it who is logged in on a node: the nodes' names and addresses, and what they publish. */
  networkOfNode(name: string): ProgramNetwork {
    const node = this.#nodes.get(name);
    if (node === undefined) throw new Error(`there is no node ${name}`);
    return {
      nameserver: node.address,
      resolve: (wanted) => {
        const lower = wanted.toLowerCase().replace(/\.$/, '');
        return lower === 'localhost' ? ['127.0.0.1'] : (this.#zone[lower] ?? []);
      },
      reaches: (address) => address.startsWith('127.') || this.#reaches(node, address),
      listen: () => {
        throw new Error('address already in use');
      },
      request: async (address, port, request) => {
        const local = address.startsWith('127.') || address === node.address;
        const target = local ? node : [...this.#nodes.values()].find((other) => other.address === address);
        if (target === undefined)
          return this.#requestEndpoint(node, { address, port }, { ...request, from: node.address }, () => true);
        if (target !== node && !node.connected) throw new Error(UNREACHABLE);
        return this.requestNode(target.name, port, { ...request, from: node.address });
      },
    };
  }

  /** A request that arrives at a node's own address: the mesh, or a port that a container there has published in host mode. */
  async requestNode(name: string, port: number, request: HttpRequest & { from: string }): Promise<HttpAnswer> {
    const node = this.#nodes.get(name);
    if (node === undefined || !node.connected) throw new Error(UNREACHABLE);
    const target = node.view?.mesh(port);
    if (target !== undefined) return this.#requestEndpoint(node, target, { ...request, from: target.from }, () => true);
    for (const container of node.engine.containers()) {
      for (const [key, bindings] of Object.entries(container.ports ?? {})) {
        if (!bindings?.some(({ HostPort }) => Number(HostPort) === port)) continue;
        const address = Object.values(container.endpoints)[0]?.IPAddress ?? '';
        const inside = { address, port: Number(key.split('/')[0]) };
        return this.#requestEndpoint(node, inside, request, (other) => other === node);
      }
    }
    throw new Error(REFUSED);
  }

  #networkOf(node: WiredNode, container: SimulatedContainer, opened: string[]): ProgramNetwork {
    const networks = () =>
      Object.values(container.endpoints).flatMap(({ NetworkID }) => node.engine.networks.find(NetworkID) ?? []);
    return {
      nameserver: '127.0.0.11',
      resolve: (name) => {
        const lower = name.toLowerCase().replace(/\.$/, '');
        if (lower === 'localhost') return ['127.0.0.1'];
        return node.view?.resolve(lower, networks()) ?? this.#zone[lower] ?? [];
      },
      reaches: (address) => address.startsWith('127.') || this.#reaches(node, address),
      listen: (port, listener) => {
        for (const key of this.#keys(node, container, port)) {
          if (this.#listeners.has(key)) throw new Error('address already in use');
          this.#listeners.set(key, { node, listener });
          opened.push(key);
        }
      },
      request: async (address, port, request) => {
        const from = Object.values(container.endpoints)[0]?.IPAddress ?? '127.0.0.1';
        if (address.startsWith('127.')) {
          const [own] = this.#keys(node, container, port);
          const found = own === undefined ? undefined : this.#listeners.get(own);
          if (found === undefined) throw new Error(REFUSED);
          return found.listener({ ...request, from: '127.0.0.1' });
        }
        const wired = [...this.#nodes.values()].find((other) => other.address === address);
        if (wired !== undefined) {
          if (!node.connected && wired !== node) throw new Error(UNREACHABLE);
          return this.requestNode(wired.name, port, { ...request, from: node.address });
        }
        const target = node.view?.balance(address, port, networks()) ?? { address, port };
        return this.#requestEndpoint(node, target, { ...request, from }, () => true);
      },
    };
  }

  /** Under which keys a container's port is found: its own loopback first, then each of its addresses. */
  #keys(node: WiredNode, container: SimulatedContainer, port: number): string[] {
    const mode = container.body.HostConfig?.NetworkMode;
    if (mode === 'host') return [`${node.address}:${port}`];
    const addresses = Object.values(container.endpoints).map(({ IPAddress }) => IPAddress);
    return [
      `${container.id}:${port}`,
      ...addresses
        .filter((address) => address !== '')
        .map((address) => `${this.#scope(node, address)}${address}:${port}`),
    ];
  }

  /** Addresses of a node's own bridge mean something on that node alone. */
  #scope(node: WiredNode, address: string): string {
    return address.startsWith('172.') ? `${node.name}/` : '';
  }

  #reaches(node: WiredNode, address: string): boolean {
    const wired = [...this.#nodes.values()].find((other) => other.address === address);
    if (wired !== undefined) return wired === node || (node.connected && wired.connected);
    if (node.view?.balance(address, 0, node.engine.networks.list()) !== undefined) return true;
    return [...this.#nodes.values()].some(
      (other) =>
        (other === node || (node.connected && other.connected)) &&
        other.engine.networks
          .list()
          .some(
            (network) =>
              network.gateway === address || [...network.members.values()].some((member) => member.address === address),
          ),
    );
  }

  async #requestEndpoint(
    node: WiredNode,
    target: { address: string; port: number },
    request: HttpRequest & { from: string },
    allowed: (other: WiredNode) => boolean,
  ): Promise<HttpAnswer> {
    const found = this.#listeners.get(`${this.#scope(node, target.address)}${target.address}:${target.port}`);
    if (found === undefined || !allowed(found.node)) throw new Error(REFUSED);
    if (found.node !== node && !(node.connected && found.node.connected)) throw new Error(UNREACHABLE);
    return found.listener(request);
  }
}
