import type { Network } from '../model/objects.ts';
import { AddressPool } from './address-pool.ts';
import { formatSubnet, parseSubnet } from './ipv4.ts';
import { SerialNumbers } from './serial-numbers.ts';
import { SubnetPool } from './subnet-pool.ts';

/** VXLAN network identifiers below 4096 are left to others, as Swarm leaves them. */
const VNI = { first: 4096, last: 2 ** 24 - 1 } as const;

export type NetworkAllocation = NonNullable<Network['allocation']>;

/** Whether the network is each node's own (`host`, `bridge`, macvlan): Swarm gives it neither subnet nor addresses. */
export function isNodeLocal(network: Network): boolean {
  return network.Spec.Driver !== 'overlay';
}

/** Subnets, VXLAN IDs and the addresses inside of each network. */
export class NetworkAllocator {
  readonly #subnets: SubnetPool;
  readonly #vnis = new SerialNumbers(VNI.first, VNI.last);
  readonly #pools = new Map<string, { pool: AddressPool; vni: number }>();

  /** `pools` and `prefix` as the cluster was made with: `--default-addr-pool`, `--default-addr-pool-mask-length`. */
  constructor(pools: readonly string[], prefix: number) {
    this.#subnets = new SubnetPool(pools, prefix);
  }

  /** The addresses of a network; undefined while it is not allocated, or when it has none. */
  pool(networkId: string): AddressPool | undefined {
    return this.#pools.get(networkId)?.pool;
  }

  /** Gives the network its subnet, gateway and VXLAN ID. Undefined when its subnet overlaps another one or none is left. */
  allocate(network: Network): NetworkAllocation | undefined {
    const subnet = this.#takeSubnet(network.Spec.IPAM?.Config?.[0]?.Subnet);
    if (subnet === undefined) return undefined;
    const vni = this.#vnis.take();
    if (vni === undefined) {
      this.#subnets.release(subnet);
      return undefined;
    }
    const pool = this.#open(network, subnet, vni);
    return { subnet: formatSubnet(subnet), gateway: pool.gateway, vni };
  }

  /** Takes what a network was given before a restart. */
  restore(network: Network, allocation: NetworkAllocation): void {
    const subnet = parseSubnet(allocation.subnet);
    if (subnet === undefined) return;
    this.#subnets.reserve(subnet);
    this.#vnis.reserve(allocation.vni);
    this.#open(network, subnet, allocation.vni);
  }

  release(networkId: string): void {
    const found = this.#pools.get(networkId);
    if (found === undefined) return;
    this.#pools.delete(networkId);
    this.#subnets.release(found.pool.subnet);
    this.#vnis.release(found.vni);
  }

  #takeSubnet(wanted: string | undefined) {
    if (!wanted) return this.#subnets.take();
    const subnet = parseSubnet(wanted);
    return subnet !== undefined && this.#subnets.reserve(subnet) ? subnet : undefined;
  }

  #open(network: Network, subnet: AddressPool['subnet'], vni: number): AddressPool {
    const config = network.Spec.IPAM?.Config?.[0];
    const pool = new AddressPool(subnet, {
      ...(config?.Gateway ? { gateway: config.Gateway } : {}),
      ...(config?.IPRange ? { range: config.IPRange } : {}),
    });
    this.#pools.set(network.ID, { pool, vni });
    return pool;
  }
}
