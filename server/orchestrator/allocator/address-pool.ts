import { formatAddress, parseAddress, parseSubnet, type Subnet, sizeOf, withoutPrefix } from './ipv4.ts';
import { SerialNumbers } from './serial-numbers.ts';

/** The addresses of one network. Network and broadcast address and the gateway are never handed out. */
export class AddressPool {
  readonly subnet: Subnet;
  readonly gateway: string;
  readonly #numbers: SerialNumbers;

  /**
   * `gateway` is the first address unless given; `range` narrows down what is handed out by itself (`--ip-range`). Swarm takes no
   * notice of `--aux-address`.
   */
  constructor(subnet: Subnet, options: { gateway?: string; range?: string } = {}) {
    this.subnet = subnet;
    const range = parseSubnet(options.range ?? '') ?? subnet;
    const [first, last] = [subnet.base, subnet.base + sizeOf(subnet) - 1];
    this.#numbers = new SerialNumbers(Math.max(first, range.base), Math.min(last, range.base + sizeOf(range) - 1));
    if (subnet.prefix < 31) {
      this.#numbers.reserve(first);
      this.#numbers.reserve(last);
    }
    if (options.gateway !== undefined && options.gateway !== '') {
      this.gateway = options.gateway;
      this.reserve(options.gateway);
    } else {
      this.gateway = withoutPrefix(this.take() ?? formatAddress(first));
    }
  }

  /** The next free address with the subnet's prefix length, or undefined when the subnet is full. */
  take(): string | undefined {
    const number = this.#numbers.take();
    return number === undefined ? undefined : `${formatAddress(number)}/${this.subnet.prefix}`;
  }

  /** Takes a certain address (with or without prefix length); false when it is in use or no address of the subnet. */
  reserve(address: string): boolean {
    const number = parseAddress(withoutPrefix(address));
    if (number === undefined || number < this.subnet.base || number >= this.subnet.base + sizeOf(this.subnet))
      return false;
    return this.#numbers.reserve(number);
  }

  release(address: string): void {
    const number = parseAddress(withoutPrefix(address));
    if (number !== undefined) this.#numbers.release(number);
  }
}
