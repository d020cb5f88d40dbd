import type { Clock, Disposable } from '../../clock/clock.ts';
import { hostPart, macOf } from '../../gateway/networks/addresses.ts';
import { GATEWAY_BRIDGE } from '../../gateway/networks/gateway-bridge.ts';
import type { LocalOverlay, LocalOverlays } from '../../gateway/networks/local-overlays.ts';
import type { NodeNetworkState, OverlayState, PublishedPortState } from '../../orchestrator/dispatcher/protocol.ts';
import type { Task } from '../../orchestrator/model/objects.ts';
import { type EndpointSettings, MissingAttachments, type NodeNetwork, type TaskNetworking } from '../node-network.ts';
import type { Carriers } from './carriers.ts';
import { ChangeSignal } from './change-signal.ts';
import type { NameService } from './dns/name-service.ts';
import type { EngineNetworks } from './engine-networks.ts';
import type { MeshRules } from './mesh-rules.ts';
import { Passes } from './passes.ts';
import type { PeerWatch } from './peer-watch.ts';
import type { SavedState } from './saved-state.ts';
import { StoppingTasks } from './stopping-tasks.ts';

/** Swarm's own patience with the allocator. */
const ATTACHMENT_TIMEOUT = 30_000;
/** What `docker run` waits for its overlay. */
const CONTAINER_TIMEOUT = 20_000;
/** How soon what failed, or a network that still had containers, is tried again. */
const RETRY_DELAY = 1_000;

/**
 * Milliseconds between two changes of rules because of the manager's word, unless a task is about to stop here: it has two seconds
 * until it does, and a change costs the node some 20 ms of its processor.
 */
const REST = 200;

export interface LinuxNodeNetworkOptions {
  clock: Clock;
  networks: EngineNetworks;
  carriers: Carriers;
  rules: Pick<MeshRules, 'apply' | 'remove'>;
  names: Pick<NameService, 'update'>;
  saved: Pick<SavedState, 'load' | 'save' | 'remove'>;
  /** Absent where nodes are no machines. */
  peers?: PeerWatch;
  log(message: string): void;
}

/** The network of a Docker-in-Docker node: overlays as bridges with tunnels, the mesh and virtual IPs as rules of the kernel. */
export class LinuxNodeNetwork implements NodeNetwork, LocalOverlays {
  readonly #options: LinuxNodeNetworkOptions;
  readonly #passes: Passes;
  #state: NodeNetworkState | undefined;
  readonly #stopping = new StoppingTasks();
  /** Tasks of this node to the overlays they need, from before their container is made until it is gone. */
  readonly #users = new Map<string, string[]>();
  /** Overlays that are being brought up or taken away just now. */
  readonly #moving = new Set<string>();
  readonly #changes = new ChangeSignal();
  #retry: Disposable | undefined;
  #hasGatewayBridge = false;
  #told = '';
  #closed = false;

  constructor(options: LinuxNodeNetworkOptions) {
    this.#options = options;
    this.#passes = new Passes({ clock: options.clock, work: () => this.#pass(), rest: REST });
    options.peers?.onChange(() => {
      this.#refresh().catch((error: unknown) => this.#tell(error));
    });
  }

  /**
   * Takes up what an earlier agent of this node knew, without the tasks that ended with the node itself meanwhile. Needs the engine.
   */
  async start(): Promise<void> {
    const { saved, networks } = this.#options;
    const state = await saved.load();
    if (!state || this.#state) return;
    this.#stopping.addEnded(state, await networks.runningTasks());
    await this.apply(state);
  }

  async apply(state: NodeNetworkState): Promise<void> {
    // The node takes part in an overlay once it has an address of its own there.
    const overlays = state.overlays.filter(({ nodeAddress }) => nodeAddress !== '');
    this.#state = { ...state, overlays };
    this.#options.saved.save(this.#state);
    this.#options.peers?.watch(peerAddresses(this.#state));
    this.#stopping.keepKnown(state);
    await this.#refresh(() => this.#passes.requestUnhurried());
  }

  async attachmentFor(task: Task, signal: AbortSignal): Promise<TaskNetworking> {
    const onOverlays = task.attachments.filter(({ addresses }) => addresses.length > 0);
    if (onOverlays.length === 0) return { networkMode: this.#nodeLocalName(task), endpoints: {} };
    const overlayIds = onOverlays.map(({ networkId }) => networkId);
    this.#users.set(task.ID, overlayIds);
    if (!overlayIds.every((id) => this.#options.carriers.has(id))) this.#request();
    const endpoints: Record<string, EndpointSettings> = {};
    for (const { networkId, addresses } of onOverlays) {
      const carried = await this.#carried(networkId, ATTACHMENT_TIMEOUT, signal).catch((reason: unknown) => {
        throw this.#state?.overlays.some(({ id }) => id === networkId) ? reason : new MissingAttachments();
      });
      if (!carried) throw new MissingAttachments();
      const address = hostPart(addresses[0] ?? '');
      endpoints[carried.engineName] = { IPAMConfig: { IPv4Address: address }, MacAddress: macOf(address) };
    }
    // What Swarm shows for the container of a task, whatever networks it is on.
    return { networkMode: 'bridge', endpoints };
  }

  async activate(task: Task): Promise<void> {
    if (this.#stopping.delete(task.ID)) await this.#refresh();
  }

  async deactivate(task: Task): Promise<void> {
    const addresses = task.attachments.flatMap((attachment) => attachment.addresses);
    if (this.#stopping.add(task.ID, addresses)) await this.#refresh();
  }

  async release(task: Task): Promise<void> {
    await this.deactivate(task);
    if (this.#users.delete(task.ID)) this.#request();
  }

  async clear(): Promise<void> {
    this.#state = undefined;
    this.#stopping.clear();
    this.#users.clear();
    this.#options.peers?.watch([]);
    await this.#options.saved.remove();
    await this.#refresh();
  }

  list(): readonly LocalOverlay[] {
    return this.#options.carriers.list();
  }

  ofBridge(engineId: string, engineName: string): OverlayState | undefined {
    return this.#options.carriers.ofBridge(engineId, engineName);
  }

  published(): readonly PublishedPortState[] {
    return this.#state?.published ?? [];
  }

  async waitFor(networkId: string): Promise<LocalOverlay> {
    const carried = await this.#carried(networkId, CONTAINER_TIMEOUT);
    if (!carried) throw new MissingAttachments();
    return carried;
  }

  /** Stops working on the node; everything stays as it is, for the next agent. */
  close(): void {
    this.#closed = true;
    this.#options.peers?.close();
    this.#retry?.dispose();
  }

  /** Names are answered anew at once, for they cost nothing. */
  async #refresh(pass = () => this.#passes.request()): Promise<void> {
    this.#options.names.update(this.#state, this.#withheld());
    try {
      await pass();
      this.#told = '';
    } catch (error) {
      this.#tryLater();
      throw error;
    }
  }

  #request(): void {
    if (this.#closed) return;
    this.#passes.request().catch((error: unknown) => {
      this.#tell(error);
      this.#tryLater();
    });
  }

  /** What fails again every second is told once. */
  #tell(error: unknown): void {
    const message = `network: ${error instanceof Error ? error.message : String(error)}`;
    if (message !== this.#told) this.#options.log(message);
    this.#told = message;
  }

  #tryLater(): void {
    if (this.#closed) return;
    this.#retry?.dispose();
    this.#retry = this.#options.clock.after(RETRY_DELAY, () => this.#request());
  }

  /**
   * New tasks become reachable before the rules send anything to them. Bringing up an overlay takes the engine a tenth of a second,
   * for which the rules of all the others do not wait.
   */
  async #pass(): Promise<void> {
    const { carriers, rules } = this.#options;
    const state = this.#state;
    if (!state) return this.#tearDown();
    const adopted = await this.#attempt(() => carriers.adopt());
    const needed = adopted ? this.#needed(state) : [];
    for (const overlay of needed) {
      if (carriers.has(overlay.id) && !this.#moving.has(overlay.id)) {
        await this.#attempt(() => carriers.update(overlay, state.nodeId));
      }
    }
    await rules.apply(state, this.#withheld());
    if (!adopted) return;
    for (const overlay of needed) {
      if (!carriers.has(overlay.id)) this.#move(overlay.id, () => carriers.raise(overlay, state.nodeId));
    }
    const wanted = new Set(needed.map(({ id }) => id));
    for (const id of carriers.ids()) if (!wanted.has(id)) this.#move(id, () => carriers.lower(id));
    if (!this.#hasGatewayBridge) this.#move(GATEWAY_BRIDGE, () => this.#makeGatewayBridge());
  }

  async #tearDown(): Promise<void> {
    const { carriers, rules } = this.#options;
    await rules.remove();
    await carriers.adopt();
    for (const id of carriers.ids()) await carriers.evict(id);
    this.#hasGatewayBridge = false;
  }

  /** The ingress network is on every node, any other only where it has containers or is about to get one. */
  #needed(state: NodeNetworkState): OverlayState[] {
    const used = new Set([...this.#users.values()].flat());
    return state.overlays.filter(
      (overlay) =>
        overlay.spec.Ingress ||
        used.has(overlay.id) ||
        overlay.endpoints.some((endpoint) => endpoint.nodeId === state.nodeId),
    );
  }

  async #makeGatewayBridge(): Promise<boolean> {
    await this.#options.networks.ensureGatewayBridge();
    this.#hasGatewayBridge = true;
    return true;
  }

  /**
   * Does something with a network of the engine beside the passes; `work` says whether it is done. What has changed meanwhile is
   * carried out by the next pass.
   */
  async #move(networkId: string, work: () => Promise<boolean>): Promise<void> {
    if (this.#moving.has(networkId)) return;
    this.#moving.add(networkId);
    const done = await this.#attempt(work);
    this.#moving.delete(networkId);
    this.#changes.notify();
    if (done) this.#request();
    else this.#tryLater();
  }

  /** Does one thing among others, which shall not suffer from its failure; it is tried again later. */
  async #attempt(work: () => Promise<boolean>): Promise<boolean> {
    try {
      return await work();
    } catch (error) {
      this.#tell(error);
      this.#tryLater();
      return false;
    }
  }

  /** Waits for an overlay to be carried here; undefined when that takes longer than `timeout` milliseconds. */
  #carried(networkId: string, timeout: number, signal?: AbortSignal): Promise<LocalOverlay | undefined> {
    const { clock } = this.#options;
    return this.#changes.until(() => this.list().find(({ state }) => state.id === networkId), {
      ...{ clock, timeout },
      ...(signal && { signal }),
    });
  }

  #nodeLocalName(task: Task): string {
    const mirrors = this.#state?.nodeLocal ?? [];
    const attached = task.attachments.map(({ networkId }) => mirrors.find(({ id }) => id === networkId)?.name);
    return attached.find((name) => name !== undefined) ?? 'default';
  }

  /** Addresses that get no new connections: of tasks about to stop, and of those on nodes that cannot be reached. */
  #withheld(): ReadonlySet<string> {
    const lost = new Set(this.#options.peers?.lost());
    const endpoints = lost.size === 0 ? [] : (this.#state?.overlays ?? []).flatMap((overlay) => overlay.endpoints);
    const unreachable = endpoints.filter(({ nodeAddress }) => lost.has(nodeAddress));
    return new Set([...this.#stopping.addresses(), ...unreachable.map(({ address }) => hostPart(address))]);
  }
}

/** The other nodes of the swarm: every node takes part in the ingress network. */
function peerAddresses({ nodeId, overlays }: NodeNetworkState): string[] {
  const peers = overlays.flatMap((overlay) => overlay.peers).filter((peer) => peer.nodeId !== nodeId);
  return [...new Set(peers.map(({ address }) => address).filter((address) => address !== ''))];
}
