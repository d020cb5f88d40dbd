import type { Service, Task, TaskNetworkAttachment } from '../model/objects.ts';
import type { NetworkAttachmentConfig } from '../model/specs.ts';
import { isNodeLocal, type NetworkAllocator } from './network-allocator.ts';
import { type NetworkLookup, needsIngress } from './service-allocator.ts';

/** One address for every task on every network it takes part in. */
export class TaskAllocator {
  readonly #networks: NetworkAllocator;
  readonly #lookup: NetworkLookup;
  /** Tasks that hold addresses: they are given back once, when the task ends or disappears, whichever comes first. */
  readonly #holders = new Set<string>();

  constructor(networks: NetworkAllocator, lookup: NetworkLookup) {
    this.#networks = networks;
    this.#lookup = lookup;
  }

  /** Takes what a task was given before a restart. */
  restore(task: Task): void {
    if (task.attachments.every(({ addresses }) => addresses.length === 0)) return;
    this.#holders.add(task.ID);
    for (const { networkId, addresses } of task.attachments)
      for (const address of addresses) this.#networks.pool(networkId)?.reserve(address);
  }

  /**
   * The task's attachments: the ingress network first if its service publishes ports through the mesh, then the networks of its spec
   * in their order. Attachments with which the task was made are kept, if their addresses are free, and get one if they have none.
   * Undefined (and nothing taken) when a network is not there yet or has no address left.
   */
  allocate(task: Task, service: Service | undefined): TaskNetworkAttachment[] | undefined {
    const attachments = task.attachments.length > 0 ? this.#claim(task.attachments) : this.#take(task, service);
    if (attachments?.some(({ addresses }) => addresses.length > 0)) this.#holders.add(task.ID);
    return attachments;
  }

  /** Gives back what the task holds; says whether it held anything. */
  release(task: Task): boolean {
    if (!this.#holders.delete(task.ID)) return false;
    this.#giveBack(task.attachments);
    return true;
  }

  #take(task: Task, service: Service | undefined): TaskNetworkAttachment[] | undefined {
    const wanted: NetworkAttachmentConfig[] = [];
    if (service !== undefined && needsIngress(service.Spec.EndpointSpec)) {
      const ingress = this.#lookup.ingress();
      if (ingress === undefined) return undefined;
      wanted.push({ Target: ingress.ID });
    }
    const inTask = task.Spec.Networks ?? [];
    wanted.push(...(inTask.length > 0 ? inTask : (service?.Spec.Networks ?? [])));
    const taken: TaskNetworkAttachment[] = [];
    for (const { Target, Aliases } of wanted) {
      const addresses = this.#address(Target);
      if (addresses === undefined) {
        this.#giveBack(taken);
        return undefined;
      }
      taken.push({ networkId: Target, addresses, aliases: Aliases ?? [] });
    }
    return taken;
  }

  #address(networkId: string): string[] | undefined {
    const network = this.#lookup.network(networkId);
    if (network === undefined) return undefined;
    if (isNodeLocal(network)) return [];
    const address = this.#networks.pool(networkId)?.take();
    return address === undefined ? undefined : [address];
  }

  #claim(attachments: readonly TaskNetworkAttachment[]): TaskNetworkAttachment[] | undefined {
    const claimed: TaskNetworkAttachment[] = [];
    for (const attachment of attachments) {
      const addresses = this.#claimAddresses(attachment);
      if (addresses === undefined) {
        this.#giveBack(claimed);
        return undefined;
      }
      claimed.push({ ...attachment, addresses });
    }
    return claimed;
  }

  #claimAddresses({ networkId, addresses }: TaskNetworkAttachment): string[] | undefined {
    if (addresses.length === 0) return this.#address(networkId);
    const pool = this.#networks.pool(networkId);
    return pool !== undefined && addresses.every((address) => pool.reserve(address)) ? addresses : undefined;
  }

  #giveBack(attachments: readonly TaskNetworkAttachment[]): void {
    for (const { networkId, addresses } of attachments)
      for (const address of addresses) this.#networks.pool(networkId)?.release(address);
  }
}
