import { formatAddress, parseAddress, parseSubnet as parseBlock, type Subnet } from '../orchestrator/allocator/ipv4.ts';

/** The nodes' addresses end in .100 to .200 of a /24; a bigger one would do, a smaller one has no room for them. */
const PREFIX = 24;

/** Reads `10.10.10.0/24`; undefined when it is no IPv4 subnet or its address has bits beyond the prefix. */
export function parseSubnet(text: string): Subnet | undefined {
  const subnet = parseBlock(text);
  return subnet !== undefined && parseAddress(text.split('/')[0] ?? '') === subnet.base ? subnet : undefined;
}

/** The address that is `hostPart` above the subnet's own. */
export function addressIn(subnet: Subnet, hostPart: number): string {
  return formatAddress(subnet.base + hostPart);
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
