import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addressIn,
  candidateSubnets,
  hasRoomForNodes,
  parseSubnet,
  routedSubnets,
} from '../../../server/clusters/subnet.ts';
import { formatSubnet, overlaps } from '../../../server/orchestrator/allocator/ipv4.ts';

const subnet = (text: string) => {
  const parsed = parseSubnet(text);
  if (!parsed) throw new Error(`${text} is no subnet`);
  return parsed;
};

describe('a subnet', () => {
  it('is read and written as the engine writes it', () => {
    expect(formatSubnet(subnet('10.10.10.0/24'))).toBe('10.10.10.0/24');
    expect(formatSubnet(subnet('172.16.0.0/12'))).toBe('172.16.0.0/12');
  });

  it.each(['10.10.10.0', '10.10.10.1/24', '10.10.256.0/24', '10.10.10.0/33', 'fd00::/64', ''])('is not %s', (text) => {
    expect(parseSubnet(text)).toBeUndefined();
  });

  it('gives the nodes the addresses of the course', () => {
    expect([100, 110, 120, 200].map((part) => addressIn(subnet('10.10.12.0/24'), part))).toEqual([
      '10.10.12.100',
      '10.10.12.110',
      '10.10.12.120',
      '10.10.12.200',
    ]);
  });

  it('needs room up to .200', () => {
    expect(hasRoomForNodes(subnet('10.0.0.0/16'))).toBe(true);
    expect(hasRoomForNodes(subnet('10.0.0.0/25'))).toBe(false);
  });

  it('overlaps what contains it and what it contains, and nothing beside it', () => {
    expect(overlaps(subnet('10.10.10.0/24'), subnet('10.0.0.0/8'))).toBe(true);
    expect(overlaps(subnet('10.0.0.0/8'), subnet('10.10.10.0/24'))).toBe(true);
    expect(overlaps(subnet('10.10.10.0/24'), subnet('10.10.11.0/24'))).toBe(false);
  });

  it('overlaps another exactly when they share an address', () => {
    const any = fc
      .record({ base: fc.nat(2 ** 16 - 1), prefix: fc.integer({ min: 16, max: 32 }) })
      .map(({ base, prefix }) => {
        const size = 2 ** (32 - prefix);
        return { base: 10 * 2 ** 24 + Math.floor(base / size) * size, prefix };
      });
    fc.assert(
      fc.property(any, any, (one, other) => {
        const end = (each: { base: number; prefix: number }) => each.base + 2 ** (32 - each.prefix);
        expect(overlaps(one, other)).toBe(one.base < end(other) && other.base < end(one));
      }),
    );
  });
});

describe('the subnets a cluster may get', () => {
  it('begin with that of the course and go on with the next', () => {
    const [first, second] = candidateSubnets();
    expect([first, second].map((each) => each && formatSubnet(each))).toEqual(['10.10.10.0/24', '10.10.11.0/24']);
  });

  it('leave out what the machine has routes to, but not for its default route', () => {
    const table = [
      'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT',
      'eth0\t00000000\t0100A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0',
      'tun0\t000A0A0A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0',
    ].join('\n');
    expect(routedSubnets(table).map(formatSubnet)).toEqual(['10.10.10.0/24']);
  });
});
