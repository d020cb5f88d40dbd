import { hostPart } from '../../gateway/networks/addresses.ts';
import type { LocalOverlay } from '../../gateway/networks/local-overlays.ts';
import type { OverlayState } from '../../orchestrator/dispatcher/protocol.ts';
import type { RunCommand } from './command.ts';
import { isTunnel, tunnelName } from './device-names.ts';
import { type EngineNetwork, type EngineNetworks, engineNameOf } from './engine-networks.ts';
import { OverlayDevices } from './overlay-devices.ts';
import { planOverlay } from './overlay-plan.ts';

/** An overlay on this node: the engine's bridge network and the devices around it. */
interface Carrier {
  network: EngineNetwork;
  devices: OverlayDevices;
  /** Undefined while it is only known from the engine, left by an earlier agent. */
  overlay: OverlayState | undefined;
}

export interface CarriersOptions {
  networks: EngineNetworks;
  run: RunCommand;
  /** The node's address on the underlay. */
  address: string;
}

/** More than a node carries at a time, so that only what is long gone is forgotten. */
const REMEMBERED = 512;

/** The overlays that this node carries now. They come with their first container and go with their last. */
export class Carriers {
  readonly #options: CarriersOptions;
  readonly #carriers = new Map<string, Carrier>();
  /** By the engine's ID, of bridges that are gone too: the engine tells of their end when it is over. */
  readonly #lately = new Map<string, OverlayState>();
  /** By the engine's name: the engine tells of a new bridge before it has answered. */
  readonly #beingMade = new Map<string, OverlayState>();
  #adopted = false;

  constructor(options: CarriersOptions) {
    this.#options = options;
  }

  /** Takes over what an earlier agent has left; needs the engine. Says that it is done. */
  async adopt(): Promise<true> {
    if (this.#adopted) return true;
    const { networks, run } = this.#options;
    for (const [overlayId, network] of await networks.overlays()) this.#add(overlayId, network);
    const expected = new Set([...this.#carriers.keys()].map(tunnelName));
    const links: unknown = JSON.parse((await run('ip', ['-json', 'link', 'show', 'type', 'vxlan'])) || '[]');
    for (const { ifname } of links as { ifname?: string }[]) {
      if (ifname !== undefined && isTunnel(ifname) && !expected.has(ifname)) await run('ip', ['link', 'del', ifname]);
    }
    this.#adopted = true;
    return true;
  }

  has(overlayId: string): boolean {
    return this.#carriers.get(overlayId)?.overlay !== undefined;
  }

  ids(): string[] {
    return [...this.#carriers.keys()];
  }

  list(): LocalOverlay[] {
    return [...this.#carriers.values()].flatMap(({ overlay, network }) =>
      overlay ? [{ state: overlay, engineId: network.id, engineName: network.name }] : [],
    );
  }

  ofBridge(engineId: string, engineName: string): OverlayState | undefined {
    if (engineId !== '') return this.#lately.get(engineId) ?? this.#beingMade.get(engineName);
    // A container that does not run may know its network by name alone.
    return [...this.#lately.values()].findLast((overlay) => engineNameOf(overlay) === engineName);
  }

  /** Brings the overlay up. Says that it is done. */
  async raise(overlay: OverlayState, nodeId: string): Promise<true> {
    const present = this.#carriers.get(overlay.id);
    // The node has got another address: the engine cannot change that of a network.
    if (present && present.network.gateway !== hostPart(overlay.nodeAddress) && !(await this.lower(overlay.id))) {
      throw new Error(`network ${overlay.spec.Name} has containers yet and cannot get the node's new address`);
    }
    const carrier = this.#carriers.get(overlay.id) ?? (await this.#make(overlay));
    return this.#apply(carrier, overlay, nodeId);
  }

  /** Brings the devices of a carried overlay in line with its present state. Says that it is done. */
  async update(overlay: OverlayState, nodeId: string): Promise<true> {
    const carrier = this.#carriers.get(overlay.id);
    return !carrier?.overlay || this.#apply(carrier, overlay, nodeId);
  }

  /** Takes the overlay away; says whether it is gone: it stays as long as it has containers. */
  async lower(overlayId: string): Promise<boolean> {
    const carrier = this.#carriers.get(overlayId);
    if (!carrier) return true;
    if (!(await this.#options.networks.remove(carrier.network.id))) return false;
    this.#carriers.delete(overlayId);
    await this.#options.run('ip', ['link', 'del', tunnelName(overlayId)]).catch(() => {
      // It was never made, or went with the bridge.
    });
    return true;
  }

  /** Takes the overlay's containers off it, and then the overlay away. */
  async evict(overlayId: string): Promise<void> {
    const carrier = this.#carriers.get(overlayId);
    if (carrier) await this.#options.networks.disconnectAll(carrier.network.id);
    await this.lower(overlayId);
  }

  async #make(overlay: OverlayState): Promise<Carrier> {
    const name = engineNameOf(overlay);
    this.#beingMade.set(name, overlay);
    try {
      return this.#add(overlay.id, await this.#options.networks.create(overlay));
    } finally {
      this.#beingMade.delete(name);
    }
  }

  #add(overlayId: string, network: EngineNetwork): Carrier {
    const carrier: Carrier = { network, devices: new OverlayDevices(this.#options.run), overlay: undefined };
    this.#carriers.set(overlayId, carrier);
    return carrier;
  }

  async #apply(carrier: Carrier, overlay: OverlayState, nodeId: string): Promise<true> {
    await carrier.devices.apply(planOverlay(overlay, nodeId, this.#options.address));
    carrier.overlay = overlay;
    this.#remember(carrier.network.id, overlay);
    return true;
  }

  #remember(engineId: string, overlay: OverlayState): void {
    this.#lately.delete(engineId);
    this.#lately.set(engineId, overlay);
    const [oldest] = this.#lately.keys();
    if (oldest !== undefined && this.#lately.size > REMEMBERED) this.#lately.delete(oldest);
  }
}
