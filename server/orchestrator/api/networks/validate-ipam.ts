import { isIPv4, isIPv6 } from 'node:net';
import { containsAddress, formatSubnet, parseAddress, parseSubnet, type Subnet, sizeOf } from '../../allocator/ipv4.ts';
import type { IpamConfig } from '../../model/specs.ts';
import { ControlError } from '../control-error.ts';

/** Refuses addresses that do not fit together, naming every mistake as the engine does. Only IPv4 is looked at closely. Throws 400. */
export function validateIpam(configs: readonly IpamConfig[]): void {
  const problems = configs.flatMap(problemsOf);
  if (problems.length === 0) return;
  const text = problems.length === 1 ? problems[0] : problems.map((problem) => `* ${problem}`).join('\n');
  throw new ControlError(400, `invalid network config:\n${text}`);
}

function problemsOf({ Subnet: text = '', IPRange = '', Gateway = '', AuxiliaryAddresses = {} }: IpamConfig): string[] {
  if (isIPv6(text.split('/')[0] ?? '')) return [];
  const subnet = parseSubnet(text);
  if (subnet === undefined) return [`invalid subnet ${text}: invalid CIDR block notation`];
  const problems = unaligned('subnet', text, subnet);
  if (IPRange !== '') problems.push(...rangeProblems(IPRange, subnet));
  if (Gateway !== '') problems.push(...addressProblems(`gateway ${Gateway}`, Gateway, subnet));
  for (const [name, address] of Object.entries(AuxiliaryAddresses))
    problems.push(...addressProblems(`auxiliary address ${name}`, address, subnet));
  return problems;
}

function unaligned(what: string, text: string, subnet: Subnet): string[] {
  const canonical = formatSubnet(subnet);
  return canonical === text ? [] : [`invalid ${what} ${text}: it should be ${canonical}`];
}

function rangeProblems(text: string, subnet: Subnet): string[] {
  const range = parseSubnet(text);
  if (range === undefined) return [`invalid ip-range ${text}: invalid CIDR block notation`];
  const problems = unaligned('ip-range', text, range);
  const inside = containsAddress(subnet, range.base) && containsAddress(subnet, range.base + sizeOf(range) - 1);
  if (!inside)
    problems.push(`invalid ip-range ${text}: parent subnet ${formatSubnet(subnet)} doesn't contain ip-range`);
  return problems;
}

/** `what` names the address: an auxiliary one by its name, the gateway by itself. */
function addressProblems(what: string, text: string, subnet: Subnet): string[] {
  const address = parseAddress(text);
  if (!isIPv4(text) || address === undefined) return [`invalid ${what}: invalid address`];
  if (containsAddress(subnet, address)) return [];
  return [`invalid ${what}: parent subnet ${formatSubnet(subnet)} doesn't contain this address`];
}
