import type { Clock, Disposable } from '../../clock/clock.ts';
import { Debouncer } from '../../clock/debouncer.ts';
import type { Node, Service } from '../model/objects.ts';
import type { Store, StoreEvent } from '../store/store.ts';
import { OverlayTasks } from './overlay-tasks.ts';
import { type OverlayView, viewOverlay } from './overlay-view.ts';
import type { NodeNetworkState, OverlayState, PublishedPortState } from './protocol.ts';

/** Milliseconds without a change before nodes are told, and how long changes can put that off. */
const DEBOUNCE = { quiet: 20, longest: 100 };

export interface NodeNetworksOptions {
  store: Store;
  clock: Clock;
  isConnected: (nodeId: string) => boolean;
  /** Tells the node's agent. */
  send: (nodeId: string, state: NodeNetworkState) => void;
}

/**
 * Tells every node what it needs to carry the overlays it takes part in. An overlay is looked at again only when something about it has
 * changed, and only its own nodes are told; what they share of it is put together once.
 */
export class NodeNetworks implements Disposable {
  readonly #store: Store;
  readonly #isConnected: NodeNetworksOptions['isConnected'];
  readonly #send: NodeNetworksOptions['send'];
  readonly #tasks = new OverlayTasks();
  readonly #views = new Map<string, OverlayView>();
  readonly #dirty = new Set<string>();
  readonly #debouncer: Debouncer;
  #watch: Disposable | undefined;

  constructor(options: NodeNetworksOptions) {
    this.#store = options.store;
    this.#isConnected = options.isConnected;
    this.#send = options.send;
    this.#debouncer = new Debouncer(options.clock, DEBOUNCE, () => this.#flush());
  }

  start(): void {
    for (const task of this.#store.tasks.all()) this.#tasks.add(task);
    for (const network of this.#store.networks.all()) this.#dirty.add(network.ID);
    this.#watch = this.#store.watch((events) => this.#observe(events));
    this.#flush();
  }

  dispose(): void {
    this.#watch?.dispose();
    this.#debouncer.dispose();
  }

  /** Tells one node all there is to know, for an agent that has just connected; what changes meanwhile follows as to everybody. */
  sendTo(nodeId: string): void {
    this.#send(nodeId, this.#stateOf(nodeId));
  }

  #observe(events: readonly StoreEvent[]): void {
    const dirty = (networkId: string) => this.#dirty.add(networkId);
    for (const event of events) {
      if (event.kind === 'tasks') this.#tasks.follow(event, dirty);
      else if (event.kind === 'networks') dirty(event.object.ID);
      else if (event.kind === 'services') {
        for (const id of networksOfService(event.object)) dirty(id);
        if (event.action === 'update') for (const id of networksOfService(event.old)) dirty(id);
      } else if (event.kind === 'nodes') {
        const old = event.action === 'update' ? event.old : undefined;
        for (const id of changedNetworks(old, event.object)) dirty(id);
      }
    }
    if (this.#dirty.size > 0) this.#debouncer.trigger();
  }

  #flush(): void {
    const concerned = new Set<string>();
    for (const networkId of this.#dirty) {
      const before = this.#views.get(networkId);
      const network = this.#store.networks.get(networkId);
      const after = network && viewOverlay(this.#store, network, this.#tasks.on(networkId));
      if (after === undefined) this.#views.delete(networkId);
      else this.#views.set(networkId, after);
      for (const nodeId of before?.members.keys() ?? []) concerned.add(nodeId);
      for (const nodeId of after?.members.keys() ?? []) concerned.add(nodeId);
    }
    this.#dirty.clear();
    for (const nodeId of concerned) if (this.#isConnected(nodeId)) this.#send(nodeId, this.#stateOf(nodeId));
  }

  #stateOf(nodeId: string): NodeNetworkState {
    const overlays: OverlayState[] = [];
    const published: PublishedPortState[] = [];
    for (const networkId of Object.keys(this.#store.nodes.get(nodeId)?.networkAddresses ?? {})) {
      const view = this.#views.get(networkId);
      const nodeAddress = view?.members.get(nodeId);
      if (view === undefined || nodeAddress === undefined) continue;
      overlays.push({ ...view.shared, nodeAddress });
      published.push(...view.published);
    }
    return { nodeId, overlays, nodeLocal: this.#nodeLocal(), published };
  }

  #nodeLocal(): NodeNetworkState['nodeLocal'] {
    return [...this.#store.networks.all()].flatMap(({ ID, Spec }) =>
      Spec.Predefined && (Spec.Name === 'bridge' || Spec.Name === 'host') ? { id: ID, name: Spec.Name } : [],
    );
  }
}

/** Networks on which the service is known by its name or ports. */
function networksOfService(service: Service): string[] {
  return (service.Endpoint?.VirtualIPs ?? []).map(({ NetworkID }) => NetworkID);
}

/** Networks on which a node's change shows: those it has joined or left, or all when it has moved, died or come back. */
function changedNetworks(old: Node | undefined, node: Node): string[] {
  const all = new Set([...Object.keys(old?.networkAddresses ?? {}), ...Object.keys(node.networkAddresses)]);
  const wasDown = old?.Status.State === 'down';
  const isDown = node.Status.State === 'down';
  if (old === undefined || wasDown !== isDown || old.Status.Addr !== node.Status.Addr) return [...all];
  if (old.networkAddresses === node.networkAddresses) return [];
  return [...all].filter((id) => old.networkAddresses[id] !== node.networkAddresses[id]);
}
