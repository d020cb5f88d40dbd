import { EngineError } from '../engine.ts';

/** A network of the simulated engine: a subnet, and who is on it. */
export interface SimulatedNetwork {
  id: string;
  name: string;
  driver: string;
  created: string;
  subnet: string;
  gateway: string;
  internal: boolean;
  attachable: boolean;
  labels: Record<string, string>;
  options: Record<string, string>;
  /** Container ID to its address on this network. */
  members: Members;
}

interface Member {
  endpointId: string;
  address: string;
  mac: string;
  name: string;
}

/** Who is on a network; knows their addresses, so that the next one is given without looking at everybody. */
class Members extends Map<string, Member> {
  readonly #addresses = new Set<string>();
  /** No address below this one is free. */
  lowestFree = 0;

  hasAddress(address: string): boolean {
    return this.#addresses.has(address);
  }

  override set(container: string, member: Member): this {
    this.delete(container);
    this.#addresses.add(member.address);
    return super.set(container, member);
  }

  override delete(container: string): boolean {
    const member = this.get(container);
    if (member === undefined) return false;
    this.#addresses.delete(member.address);
    this.lowestFree = 0;
    return super.delete(container);
  }
}

/** 02:42 and the four bytes of the address, as Docker makes them. */
export function macOf(address: string): string {
  const bytes = address.split('.').map((part) => Number(part).toString(16).padStart(2, '0'));
  return `02:42:${bytes.join(':')}`;
}

function toNumber(address: string): number {
  return address.split('.').reduce((value, part) => value * 256 + Number(part), 0);
}

function toAddress(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}

/** Gives addresses of a node's own networks, the lowest free one first, as Docker's bridge driver does. */
export class NetworkTable {
  readonly #byId = new Map<string, SimulatedNetwork>();
  #nextSubnet = 17;

  add(
    network: Omit<SimulatedNetwork, 'members' | 'subnet' | 'gateway'> & { subnet?: string; gateway?: string },
  ): SimulatedNetwork {
    if (this.find(network.name) !== undefined)
      throw new EngineError(409, `network with name ${network.name} already exists`);
    const subnet = network.subnet ?? this.#freeSubnet();
    const gateway = network.gateway ?? toAddress(toNumber(subnet.split('/')[0] ?? '') + 1);
    const added = { ...network, subnet, gateway, members: new Members() };
    this.#byId.set(added.id, added);
    return added;
  }

  /** By ID, name or the beginning of an ID. */
  find(reference: string): SimulatedNetwork | undefined {
    const exact = this.#byId.get(reference);
    if (exact !== undefined) return exact;
    const all = [...this.#byId.values()];
    return (
      all.find(({ name }) => name === reference) ??
      all.find(({ id }) => reference.length >= 4 && id.startsWith(reference))
    );
  }

  get(reference: string): SimulatedNetwork {
    const network = this.find(reference);
    if (network === undefined) throw new EngineError(404, `network ${reference} not found`);
    return network;
  }

  list(): SimulatedNetwork[] {
    return [...this.#byId.values()];
  }

  remove(reference: string): SimulatedNetwork {
    const network = this.get(reference);
    if (['bridge', 'host', 'none'].includes(network.name)) {
      throw new EngineError(403, `${network.name} is a pre-defined network and cannot be removed`);
    }
    if (network.members.size > 0) {
      throw new EngineError(
        403,
        `error while removing network: network ${network.name} id ${network.id} has active endpoints`,
      );
    }
    this.#byId.delete(network.id);
    return network;
  }

  /** The address that was asked for, or the lowest free one. */
  allocate(network: SimulatedNetwork, wanted: string | undefined): string {
    if (network.subnet === '') return '';
    const { members, gateway } = network;
    const isTaken = (address: string) => address === gateway || members.hasAddress(address);
    if (wanted !== undefined && wanted !== '') {
      if (isTaken(wanted)) throw new EngineError(403, 'Address already in use');
      return wanted;
    }
    const [base = '', length = '24'] = network.subnet.split('/');
    const first = toNumber(base) + 1;
    const last = toNumber(base) + 2 ** (32 - Number(length)) - 2;
    for (let value = Math.max(first, members.lowestFree); value <= last; value++) {
      const address = toAddress(value);
      if (isTaken(address)) continue;
      members.lowestFree = value;
      return address;
    }
    throw new EngineError(500, "no available IPv4 addresses on this network's address pools");
  }

  #freeSubnet(): string {
    for (;;) {
      const subnet = `172.${this.#nextSubnet++}.0.0/16`;
      if (this.list().every((network) => network.subnet !== subnet)) return subnet;
    }
  }
}
