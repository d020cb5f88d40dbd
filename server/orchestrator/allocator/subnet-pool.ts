import { overlaps, parseSubnet, type Subnet, sizeOf } from './ipv4.ts';

/** What a swarm picks subnets from unless `--default-addr-pool` says otherwise. */
export const DEFAULT_ADDRESS_POOL = ['10.0.0.0/8'];
export const DEFAULT_SUBNET_SIZE = 24;

/** Gives networks their subnets: the lowest free block of the pools that overlaps no other network of the swarm. */
export class SubnetPool {
  readonly #pools: Subnet[];
  readonly #prefix: number;
  readonly #taken: Subnet[] = [];

  /** `pools` in the order in which they are used up, empty for 10.0.0.0/8; `prefix` is the length of each subnet's prefix. */
  constructor(pools: readonly string[], prefix: number) {
    const texts = pools.length > 0 ? pools : DEFAULT_ADDRESS_POOL;
    this.#pools = texts.map(parseSubnet).filter((pool) => pool !== undefined);
    this.#prefix = prefix;
  }

  /** The first block that is free, or undefined when the pools are used up. */
  take(): Subnet | undefined {
    for (const pool of this.#pools) {
      const prefix = Math.max(this.#prefix, pool.prefix);
      const step = 2 ** (32 - prefix);
      for (let base = pool.base; base < pool.base + sizeOf(pool); ) {
        const candidate = { base, prefix };
        const obstacle = this.#taken.find((other) => overlaps(candidate, other));
        if (obstacle === undefined) {
          this.#taken.push(candidate);
          return candidate;
        }
        base = Math.ceil((obstacle.base + sizeOf(obstacle)) / step) * step;
      }
    }
    return undefined;
  }

  /** Takes a certain block; false when it overlaps one that is taken. */
  reserve(subnet: Subnet): boolean {
    if (this.#taken.some((other) => overlaps(subnet, other))) return false;
    this.#taken.push(subnet);
    return true;
  }

  release(subnet: Subnet): void {
    const index = this.#taken.findIndex((other) => other.base === subnet.base && other.prefix === subnet.prefix);
    if (index >= 0) this.#taken.splice(index, 1);
  }
}
