import type { Network } from '../model/objects.ts';
import { AddressPool } from './address-pool.ts';
import { formatSubnet, parseSubnet, type Subnet } from './ipv4.ts';
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
  readonly #pools = new Map<string, { pool: AddressPool; more: AddressPool[]; vni: number }>();

  /** `pools` and `prefix` as the cluster was made with: `--default-addr-pool`, `--default-addr-pool-mask-length`. */
  constructor(pools: readonly string[], prefix: number) {
    this.#subnets = new SubnetPool(pools, prefix);
  }

  /** The addresses of a network; undefined while it is not allocated, or when it has none. */
  pool(networkId: string): AddressPool | undefined {
    return this.#pools.get(networkId)?.pool;
  }

  /** Gives the network its subnets, gateways and VXLAN ID. Undefined when a subnet overlaps another one or none is left. */
  allocate(network: Network): NetworkAllocation | undefined {
    const subnets = this.#takeSubnets(network);
    if (subnets === undefined) return undefined;
    const vni = this.#vnis.take();
    if (vni === undefined) {
      for (const subnet of subnets) this.#subnets.release(subnet);
      return undefined;
    }
    const { pool, more } = this.#open(network, subnets, vni);
    const [first, ...others] = [pool, ...more].map(({ subnet, gateway }) => ({
      subnet: formatSubnet(subnet),
      gateway,
    }));
    return { subnet: '', gateway: '', ...first, vni, ...(others.length > 0 && { more: others }) };
  }

  /** Takes what a network was given before a restart. */
  restore(network: Network, allocation: NetworkAllocation): void {
    const subnets = [allocation, ...(allocation.more ?? [])].flatMap(({ subnet }) => parseSubnet(subnet) ?? []);
    if (subnets.length === 0) return;
    for (const subnet of subnets) this.#subnets.reserve(subnet);
    this.#vnis.reserve(allocation.vni);
    this.#open(network, subnets, allocation.vni);
  }

  release(networkId: string): void {
    const found = this.#pools.get(networkId);
    if (found === undefined) return;
    this.#pools.delete(networkId);
    for (const { subnet } of [found.pool, ...found.more]) this.#subnets.release(subnet);
    this.#vnis.release(found.vni);
  }

  /** The subnets that the network asks for, or the next free one; all or none of them. */
  #takeSubnets(network: Network): Subnet[] | undefined {
    const wanted = (network.Spec.IPAM?.Config ?? []).flatMap(({ Subnet: text }) => (text ? [text] : []));
    if (wanted.length === 0) {
      const subnet = this.#subnets.take();
      return subnet && [subnet];
    }
    const taken: Subnet[] = [];
    for (const text of wanted) {
      const subnet = parseSubnet(text);
      if (subnet === undefined || !this.#subnets.reserve(subnet)) {
        for (const each of taken) this.#subnets.release(each);
        return undefined;
      }
      taken.push(subnet);
    }
    return taken;
  }

  #open(network: Network, subnets: readonly Subnet[], vni: number): { pool: AddressPool; more: AddressPool[] } {
    const [pool, ...more] = subnets.map((subnet, index) => {
      const config = network.Spec.IPAM?.Config?.[index];
      return new AddressPool(subnet, {
        ...(config?.Gateway ? { gateway: config.Gateway } : {}),
        ...(config?.IPRange ? { range: config.IPRange } : {}),
      });
    });
    if (pool === undefined) throw new Error(`${network.Spec.Name} has no subnet`);
    const opened = { pool, more, vni };
    this.#pools.set(network.ID, opened);
    return opened;
  }
}
