import { isIP } from 'node:net';
import { parseSubnet } from '../allocator/ipv4.ts';
import { ControlError } from '../api/control-error.ts';
import { type Machine, SWARM_PORT } from './membership.ts';

/** A machine's way to the others; whoever names it means the machine's own address. */
const INTERFACE = 'eth0';
const DATA_PATH_PORTS = { lowest: 1024, highest: 49_151 };
const LARGEST_SUBNET_PREFIX = 29;

/** `host:port` with the port filled in; throws 400 when there is no host. `field` is how Docker calls it. */
export function completeAddress(field: string, text: string): string {
  if (text === '') throw new ControlError(400, `invalid ${field} "": invalid empty address`);
  return /:\d+$/.test(text) ? text : `${text}:${SWARM_PORT}`;
}

/** The host of `host:port`. */
export function hostOf(address: string): string {
  return address.replace(/:\d+$/, '');
}

/**
 * The address under which others reach the machine: the one asked for, or the machine's own when its interface is named or nothing is
 * asked for. Throws 400.
 */
export function advertisedAddress(machine: Machine, text: string): string {
  const host = hostOf(text);
  if (host === '' || host === INTERFACE) return machine.address;
  if (isIP(host) !== 0 && !isUnspecified(host)) return host;
  throw new ControlError(
    400,
    'advertise address must be a non-zero IP address or network interface (with optional port number)',
  );
}

/** Refuses an address on which the machine cannot listen. Throws 400 and 500. */
export function checkListenAddress(machine: Machine, text: string): void {
  if (/\s/.test(text)) throw new ControlError(400, `could not parse listen address ${text}`);
  const address = completeAddress('ListenAddr', text);
  const host = hostOf(address);
  if (host === INTERFACE || isUnspecified(host) || host === machine.address) return;
  if (isIP(host) === 0)
    throw new ControlError(
      400,
      'listen address must be an IP address or network interface (with optional port number)',
    );
  throw new ControlError(
    500,
    `manager stopped: failed to listen on remote API address: listen tcp ${address}: bind: cannot assign requested address`,
  );
}

/** Refuses a data path address that is none. Throws 400. */
export function checkDataPathAddress(text: string): void {
  if (text === '' || text === INTERFACE || (isIP(text) !== 0 && !isUnspecified(text))) return;
  throw new ControlError(
    400,
    'data path address must be a non-zero IP address or network interface (without a port number)',
  );
}

/** Refuses address pools that cannot be cut into subnets of that size, 0 being the usual one. Throws 500. */
export function checkAddressPools(pools: readonly string[], subnetSize: number): void {
  if (pools.length === 0) return;
  if (subnetSize > LARGEST_SUBNET_PREFIX) throw new ControlError(500, `subnet size is out of range: ${subnetSize}`);
  for (const text of pools) {
    const pool = parseSubnet(text);
    if (pool === undefined) throw new ControlError(500, `invalid base pool ${text}: invalid CIDR address: ${text}`);
    if (subnetSize !== 0 && pool.prefix > subnetSize)
      throw new ControlError(
        500,
        `invalid CIDR: ${JSON.stringify(text)}. Subnet size is too small for pool: ${subnetSize}`,
      );
  }
}

/** Refuses a data path port outside of those that Swarm allows, 0 being the usual one. Throws 500. */
export function checkDataPathPort(port: number): void {
  const { lowest, highest } = DATA_PATH_PORTS;
  if (port !== 0 && (port < lowest || port > highest))
    throw new ControlError(500, `Datapath port number is not in valid range (${lowest}-${highest}) : ${port}`);
}

function isUnspecified(host: string): boolean {
  return host === '0.0.0.0' || host === '::' || host === '[::]';
}
