import { overlaps, parseSubnet, type Subnet, sizeOf } from './ipv4.ts';

/** What a swarm picks subnets from unless `--default-addr-pool` says otherwise. */
export const DEFAULT_ADDRESS_POOL = ['10.0.0.0/8'];
export const DEFAULT_SUBNET_SIZE = 24;

/**
 * Gives networks their subnets: blocks of the pools that overlap no other network of the swarm, in turn. What is freed is not handed out
 * again before the end of the last pool is reached, or a new leader begins at the first.
 */
export class SubnetPool {
  readonly #pools: Subnet[];
  readonly #prefix: number;
  readonly #taken: Subnet[] = [];
  /** Where the next search begins: a pool, and an address in it. */
  #next = { pool: 0, base: 0 };

  /** `pools` in the order in which they are used up; `prefix` is the length of each subnet's prefix. None at all: the usual ones. */
  constructor(pools: readonly string[], prefix: number) {
    const texts = pools.length > 0 ? pools : DEFAULT_ADDRESS_POOL;
    this.#pools = texts.map(parseSubnet).filter((pool) => pool !== undefined);
    this.#prefix = pools.length > 0 && prefix > 0 ? prefix : DEFAULT_SUBNET_SIZE;
  }

  /** The next block that is free, or undefined when the pools are used up. */
  take(): Subnet | undefined {
    const { pool: start, base } = this.#next;
    const found = this.#search(start, base) ?? this.#search(0, 0);
    if (found !== undefined) this.#taken.push(found);
    return found;
  }

  /** The first free block from that address on, in that pool or one behind it. */
  #search(from: number, start: number): Subnet | undefined {
    for (const [index, pool] of [...this.#pools.entries()].slice(from)) {
      const prefix = Math.max(this.#prefix, pool.prefix);
      const step = 2 ** (32 - prefix);
      for (let base = index === from ? Math.max(start, pool.base) : pool.base; base < pool.base + sizeOf(pool); ) {
        const candidate = { base, prefix };
        const obstacle = this.#taken.find((other) => overlaps(candidate, other));
        if (obstacle === undefined) {
          this.#next = { pool: index, base: base + step };
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
