import type { Clock, Disposable } from '../../clock/clock.ts';
import type { Network, Node, Service, Task } from '../model/objects.ts';
import { isTerminal } from '../model/task-state.ts';
import type { Store, StoreEvent, WriteTransaction } from '../store/store.ts';
import type { PartContext, SwarmPart } from '../swarm-parts.ts';
import { Backlog } from './backlog.ts';
import { isNodeLocal, NetworkAllocator } from './network-allocator.ts';
import { NodeAttachments } from './node-attachments.ts';
import { PortAllocator } from './port-allocator.ts';
import { type NetworkLookup, ServiceAllocator, withHostPorts } from './service-allocator.ts';
import { TaskAllocator } from './task-allocator.ts';

/** What could not be allocated is tried again when something was freed, and at least this often (ms). */
const RETRY_INTERVAL = 5 * 60_000;

/**
 * Gives networks their subnets, services their ports and virtual IPs, tasks and nodes their addresses, and then lets tasks go on from
 * `new` to `pending`. All it knows it reads from the store when it starts; from then on it follows the store's events.
 */
export class Allocator implements SwarmPart {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #networks: NetworkAllocator;
  readonly #services: ServiceAllocator;
  readonly #tasks: TaskAllocator;
  readonly #attachments = new NodeAttachments();
  readonly #backlog = new Backlog();
  #watch: Disposable | undefined;
  #timer: Disposable | undefined;

  constructor({ store, clock }: PartContext) {
    this.#store = store;
    this.#clock = clock;
    const [cluster] = store.clusters.all();
    const lookup: NetworkLookup = {
      network: (id) => store.networks.get(id),
      ingress: () => this.#ingress(),
    };
    this.#networks = new NetworkAllocator(cluster?.DefaultAddrPool ?? [], cluster?.SubnetSize ?? 0);
    this.#services = new ServiceAllocator(this.#networks, new PortAllocator(), lookup);
    this.#tasks = new TaskAllocator(this.#networks, lookup);
  }

  start(): void {
    this.#restore();
    this.#watch = this.#store.watch((events) => this.#onCommit(events));
    this.#settle();
    this.#scheduleRetry();
  }

  dispose(): void {
    this.#watch?.dispose();
    this.#timer?.dispose();
  }

  /** What was handed out before is taken first, so that nothing new gets it. */
  #restore(): void {
    for (const network of this.#store.networks.all()) {
      if (network.allocation !== undefined) this.#networks.restore(network, network.allocation);
      else this.#backlog.networks.add(network.ID);
    }
    for (const node of this.#store.nodes.all()) {
      for (const [networkId, address] of Object.entries(node.networkAddresses))
        this.#networks.pool(networkId)?.reserve(address);
      this.#backlog.nodes.add(node.ID);
    }
    for (const service of this.#store.services.all()) {
      this.#services.restore(service);
      if (!this.#services.isAllocated(service)) this.#backlog.services.add(service.ID);
    }
    for (const task of this.#store.tasks.all()) {
      if (isTerminal(task.Status.State)) continue;
      if (task.Status.State === 'new') this.#backlog.tasks.add(task.ID);
      else this.#tasks.restore(task);
      this.#attachments.follow(task);
    }
  }

  #onCommit(events: readonly StoreEvent[]): void {
    for (const event of events) {
      if (event.kind === 'tasks') this.#onTask(event.action, event.object);
      else if (event.kind === 'services') this.#onService(event.action, event.object);
      else if (event.kind === 'networks') this.#onNetwork(event.action, event.object);
      else if (event.kind === 'nodes') this.#onNode(event.action, event.object);
    }
    this.#settle();
  }

  #onTask(action: StoreEvent['action'], task: Task): void {
    const gone = action === 'remove' || isTerminal(task.Status.State);
    if (gone) {
      this.#backlog.tasks.delete(task.ID);
      if (this.#tasks.release(task)) this.#backlog.retry();
    } else if (task.Status.State === 'new') {
      this.#backlog.tasks.add(task.ID);
    }
    const nodeId = gone ? this.#attachments.forget(task.ID) : this.#attachments.follow(task);
    if (nodeId !== undefined) this.#backlog.nodes.add(nodeId);
  }

  #onService(action: StoreEvent['action'], service: Service): void {
    if (action !== 'remove') {
      this.#backlog.services.add(service.ID);
      return;
    }
    this.#backlog.services.delete(service.ID);
    this.#services.release(service);
    this.#backlog.retry();
  }

  #onNetwork(action: StoreEvent['action'], network: Network): void {
    if (action === 'create') this.#backlog.networks.add(network.ID);
    if (action !== 'remove') return;
    this.#backlog.networks.delete(network.ID);
    this.#networks.release(network.ID);
    this.#backlog.retry();
    if (network.Spec.Ingress) for (const node of this.#store.nodes.all()) this.#backlog.nodes.add(node.ID);
  }

  #onNode(action: StoreEvent['action'], node: Node): void {
    if (action === 'create') this.#backlog.nodes.add(node.ID);
    if (action !== 'remove') return;
    this.#backlog.nodes.delete(node.ID);
    for (const [networkId, address] of Object.entries(node.networkAddresses))
      this.#networks.pool(networkId)?.release(address);
    this.#backlog.retry();
  }

  #settle(): void {
    if (this.#backlog.isEmpty()) return;
    this.#store.update((transaction) => {
      this.#backlog.networks.work((id) => this.#allocateNetwork(transaction, id));
      this.#backlog.services.work((id) => this.#allocateService(transaction, id));
      this.#backlog.nodes.work((id) => this.#allocateNode(transaction, id));
      this.#backlog.tasks.work((id) => this.#allocateTask(transaction, id));
    });
  }

  #allocateNetwork(transaction: WriteTransaction, id: string): boolean {
    const network = transaction.networks.get(id);
    if (network === undefined || isNodeLocal(network) || network.allocation !== undefined) return true;
    const allocation = this.#networks.allocate(network);
    if (allocation === undefined) return false;
    transaction.update('networks', { ...network, allocation });
    this.#backlog.retry();
    if (network.Spec.Ingress) for (const node of transaction.nodes.all()) this.#backlog.nodes.add(node.ID);
    return true;
  }

  #allocateService(transaction: WriteTransaction, id: string): boolean {
    const service = transaction.services.get(id);
    if (service === undefined) return true;
    const allocated = this.#services.isAllocated(service);
    const endpoint = allocated ? withHostPorts(service) : this.#services.allocate(service);
    if (endpoint === undefined) return allocated;
    transaction.update('services', { ...service, Endpoint: endpoint });
    this.#backlog.retry();
    return true;
  }

  #allocateTask(transaction: WriteTransaction, id: string): boolean {
    const task = transaction.tasks.get(id);
    if (task === undefined || task.Status.State !== 'new') return true;
    const service = task.ServiceID === '' ? undefined : transaction.services.get(task.ServiceID);
    if (task.ServiceID !== '' && (service === undefined || !this.#services.isAllocated(service))) return false;
    const attachments = this.#tasks.allocate(task, service);
    if (attachments === undefined) return false;
    transaction.update('tasks', {
      ...task,
      attachments,
      ...(service?.Endpoint === undefined ? {} : { endpoint: service.Endpoint }),
      Status: {
        ...task.Status,
        State: 'pending',
        Message: 'pending task scheduling',
        Timestamp: this.#clock.timestamp(),
      },
    });
    return true;
  }

  /** Every node is on the ingress network, and on each overlay of its tasks; what it does not need any more it gives back. */
  #allocateNode(transaction: WriteTransaction, id: string): boolean {
    const node = transaction.nodes.get(id);
    if (node === undefined) return true;
    const ingress = this.#ingress();
    const wanted = new Set([...(ingress === undefined ? [] : [ingress.ID]), ...this.#attachments.networksOf(id)]);
    const addresses: Record<string, string> = {};
    let complete = true;
    for (const networkId of wanted) {
      const address = node.networkAddresses[networkId] ?? this.#networks.pool(networkId)?.take();
      if (address === undefined) complete = false;
      else addresses[networkId] = address;
    }
    const left = Object.entries(node.networkAddresses).filter(([networkId]) => !wanted.has(networkId));
    for (const [networkId, address] of left) this.#networks.pool(networkId)?.release(address);
    const joined = Object.keys(addresses).filter((networkId) => !(networkId in node.networkAddresses));
    if (left.length + joined.length > 0) transaction.update('nodes', { ...node, networkAddresses: addresses });
    return complete;
  }

  #ingress(): Network | undefined {
    for (const network of this.#store.networks.all()) if (network.Spec.Ingress) return network;
    return undefined;
  }

  #scheduleRetry(): void {
    this.#timer = this.#clock.after(RETRY_INTERVAL, () => {
      this.#backlog.retry();
      this.#settle();
      this.#scheduleRetry();
    });
  }
}
