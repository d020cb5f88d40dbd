/** An IPv4 subnet: its network address as a number, and its prefix length. */
export interface Subnet {
  readonly base: number;
  readonly prefix: number;
}

/** The nodes' addresses end in .100 to .200 of a /24; a bigger one would do, a smaller one has no room for them. */
const PREFIX = 24;

/** Reads `10.10.10.0/24`; undefined when it is no IPv4 subnet or its address has bits beyond the prefix. */
export function parseSubnet(text: string): Subnet | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (!match) return undefined;
  const [a, b, c, d, prefix] = match.slice(1).map(Number);
  if (a === undefined || b === undefined || c === undefined || d === undefined || prefix === undefined)
    return undefined;
  if ([a, b, c, d].some((byte) => byte > 255) || prefix > 32) return undefined;
  const base = a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d;
  return base % 2 ** (32 - prefix) === 0 ? { base, prefix } : undefined;
}

export function formatSubnet(subnet: Subnet): string {
  return `${formatAddress(subnet.base)}/${subnet.prefix}`;
}

/** The address that is `hostPart` above the subnet's own. */
export function addressIn(subnet: Subnet, hostPart: number): string {
  return formatAddress(subnet.base + hostPart);
}

export function overlaps(one: Subnet, other: Subnet): boolean {
  const wider = 2 ** (32 - Math.min(one.prefix, other.prefix));
  return Math.floor(one.base / wider) === Math.floor(other.base / wider);
}

/** The subnets a cluster may get, in the order in which they are tried: 10.10.10.0/24 to 10.10.249.0/24. */
export function* candidateSubnets(): Generator<Subnet> {
  for (let third = 10; third < 250; third++) yield { base: (10 * 256 + 10) * 2 ** 16 + third * 256, prefix: PREFIX };
}

/** Whether the nodes' addresses fit in. */
export function hasRoomForNodes(subnet: Subnet): boolean {
  return subnet.prefix <= PREFIX;
}

/** The destinations of a kernel route table as /proc/net/route prints it, default routes left out. */
export function routedSubnets(table: string): Subnet[] {
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .flatMap(([, destination, , , , , , mask]) => {
      if (!destination || !mask) return [];
      const base = littleEndianHex(destination);
      const prefix = littleEndianHex(mask).toString(2).replaceAll('0', '').length;
      return prefix === 0 ? [] : [{ base, prefix }];
    });
}

function littleEndianHex(text: string): number {
  return Buffer.from(text, 'hex').readUInt32LE();
}

function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}
