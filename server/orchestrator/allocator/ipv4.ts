/** A block of IPv4 addresses: the number of its first address and the length of its prefix. */
export interface Subnet {
  readonly base: number;
  readonly prefix: number;
}

/** The number of a dotted IPv4 address, or undefined when the text is none. */
export function parseAddress(text: string): number | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (match === null) return undefined;
  const bytes = match.slice(1).map(Number);
  if (bytes.some((byte) => byte > 255)) return undefined;
  return bytes.reduce((value, byte) => value * 256 + byte, 0);
}

/** The dotted form of an address: 167772161 gives `10.0.0.1`. */
export function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}

/** How many addresses a block has. */
export function sizeOf(subnet: Subnet): number {
  return 2 ** (32 - subnet.prefix);
}

/** Reads `10.0.0.0/24`; bits beyond the prefix are dropped. Undefined when the text is no IPv4 block. */
export function parseSubnet(text: string): Subnet | undefined {
  const match = /^([\d.]+)\/(\d{1,2})$/.exec(text);
  const address = parseAddress(match?.[1] ?? '');
  const prefix = Number(match?.[2] ?? 33);
  if (address === undefined || prefix > 32) return undefined;
  const size = 2 ** (32 - prefix);
  return { base: address - (address % size), prefix };
}

/** The block as it is written: `10.0.0.0/24`. */
export function formatSubnet(subnet: Subnet): string {
  return `${formatAddress(subnet.base)}/${subnet.prefix}`;
}

/** Whether an address lies in a block, its first and last included. */
export function containsAddress(subnet: Subnet, address: number): boolean {
  return address >= subnet.base && address < subnet.base + sizeOf(subnet);
}

/** Whether two blocks have an address in common. */
export function overlaps(a: Subnet, b: Subnet): boolean {
  return a.base < b.base + sizeOf(b) && b.base < a.base + sizeOf(a);
}

/** The address without its prefix length: `10.0.0.5/24` gives `10.0.0.5`. */
export function withoutPrefix(address: string): string {
  return address.split('/')[0] ?? address;
}
