import { VirtualClock } from '../../../server/clock/virtual-clock.ts';
import { Allocator } from '../../../server/orchestrator/allocator/allocator.ts';
import { initialClusterSpec } from '../../../server/orchestrator/api/cluster/cluster-spec.ts';
import { addNode, foundSwarm } from '../../../server/orchestrator/membership/found-swarm.ts';
import type { Network, Service, Task } from '../../../server/orchestrator/model/objects.ts';
import type { EndpointSpec, NetworkSpec } from '../../../server/orchestrator/model/specs.ts';
import { Store } from '../../../server/orchestrator/store/store.ts';

/** A swarm's store with nothing but an allocator at work on it. */
export class TestStore {
  readonly clock = new VirtualClock();
  readonly store = new Store(this.clock);
  #allocator: Allocator;
  #count = 0;

  constructor(pools: readonly string[] = [], subnetSize = 0) {
    foundSwarm(this.store, {
      swarmId: 'cluster',
      spec: initialClusterSpec({}, false),
      defaultAddressPool: pools,
      subnetSize,
      dataPathPort: 0,
      now: this.clock.now(),
      newId: () => `id${this.#count++}`,
    });
    this.#allocator = this.#start();
  }

  /** A new leader: everything the allocator knows it has to find out from the store. */
  restart(): void {
    this.#allocator.dispose();
    this.#allocator = this.#start();
  }

  network(name: string, spec: Partial<NetworkSpec> = {}): string {
    const plain = { Labels: {}, Driver: 'overlay', Internal: false, Attachable: false, Ingress: false };
    this.store.update((transaction) =>
      transaction.create('networks', { ID: name, Spec: { Name: name, ...plain, ...spec } }),
    );
    return name;
  }

  removeNetwork(id: string): void {
    this.store.update((transaction) => transaction.remove('networks', id));
  }

  networkNamed(name: string): Network | undefined {
    return [...this.store.networks.all()].find(({ Spec }) => Spec.Name === name);
  }

  node(id: string): string {
    const node = { id, role: 'worker', availability: 'active', address: '10.10.10.1' } as const;
    this.store.update((transaction) => addNode(transaction, node));
    return id;
  }

  addressesOf(nodeId: string): Record<string, string> {
    return this.store.nodes.get(nodeId)?.networkAddresses ?? {};
  }

  service(name: string, endpoint?: EndpointSpec, networks: readonly string[] = []): string {
    this.store.update((transaction) =>
      transaction.create('services', {
        ID: name,
        Spec: {
          Name: name,
          Labels: {},
          TaskTemplate: { ContainerSpec: { Image: 'nginx' }, Networks: networks.map((Target) => ({ Target })) },
          Mode: { Replicated: { Replicas: 1 } },
          ...(endpoint === undefined ? {} : { EndpointSpec: endpoint }),
        },
        specVersion: 0,
      }),
    );
    return name;
  }

  updateService(id: string, change: (service: Service) => Service): void {
    this.store.update((transaction) => {
      const service = transaction.services.get(id);
      if (service !== undefined) transaction.update('services', change(service));
    });
  }

  changeEndpoint(id: string, endpoint: EndpointSpec): void {
    this.updateService(id, (service) => ({ ...service, Spec: { ...service.Spec, EndpointSpec: endpoint } }));
  }

  removeService(id: string): void {
    this.store.update((transaction) => transaction.remove('services', id));
  }

  portsOf(serviceId: string): (number | undefined)[] {
    return this.store.services.get(serviceId)?.Endpoint?.Ports?.map(({ PublishedPort }) => PublishedPort) ?? [];
  }

  vipsOf(serviceId: string): string[] {
    return this.store.services.get(serviceId)?.Endpoint?.VirtualIPs?.map(({ Addr }) => Addr) ?? [];
  }

  task(id: string, serviceId: string, nodeId?: string): string {
    const service = this.store.services.get(serviceId);
    this.store.update((transaction) =>
      transaction.create('tasks', {
        ID: id,
        Spec: service?.Spec.TaskTemplate ?? {},
        ServiceID: serviceId,
        Slot: 1,
        ...(nodeId === undefined ? {} : { NodeID: nodeId }),
        Status: { Timestamp: this.clock.timestamp(), State: 'new', Message: 'created', PortStatus: {} },
        DesiredState: 'running',
        attachments: [],
        serviceName: serviceId,
        serviceLabels: {},
        specVersion: 0,
        global: false,
      }),
    );
    return id;
  }

  changeTask(id: string, change: Partial<Task>): void {
    this.store.update((transaction) => {
      const task = transaction.tasks.get(id);
      if (task !== undefined) transaction.update('tasks', { ...task, ...change });
    });
  }

  /** Lets a task end. */
  finish(id: string): void {
    const status = this.store.tasks.get(id)?.Status;
    if (status !== undefined) this.changeTask(id, { Status: { ...status, State: 'complete' } });
  }

  stateOf(taskId: string): string | undefined {
    return this.store.tasks.get(taskId)?.Status.State;
  }

  addressesOfTask(taskId: string): string[] {
    return this.store.tasks.get(taskId)?.attachments.flatMap(({ addresses }) => addresses) ?? [];
  }

  #start(): Allocator {
    const allocator = new Allocator({ store: this.store, clock: this.clock });
    allocator.start();
    return allocator;
  }
}

/** Ports published through the mesh: targets, or pairs of target and published port. */
export function published(...ports: (number | [number, number])[]): EndpointSpec {
  return {
    Mode: 'vip',
    Ports: ports.map((port) => {
      const [TargetPort, PublishedPort] = Array.isArray(port) ? port : [port, undefined];
      return {
        Protocol: 'tcp' as const,
        TargetPort,
        ...(PublishedPort === undefined ? {} : { PublishedPort }),
        PublishMode: 'ingress' as const,
      };
    }),
  };
}
