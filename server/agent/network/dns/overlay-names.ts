import { hostPart } from '../../../gateway/networks/addresses.ts';
import type { OverlayState } from '../../../orchestrator/dispatcher/protocol.ts';

/** The names of one overlay network, as a container on it may ask for them. */
export interface OverlayNames {
  networkName: string;
  /** Name in lower case to addresses. */
  forward: ReadonlyMap<string, readonly string[]>;
  /** A container's address to its name, without the network's; a VIP has no way back. */
  reverse: ReadonlyMap<string, string>;
}

/**
 * The names Swarm gives on an overlay: a service and its aliases lead to its VIP (dnsrr: to its tasks) as long as it has a task that
 * takes connections; `tasks.NAME` to those tasks; a container's name and aliases to its address. `withheld` are addresses of tasks
 * that are about to stop.
 */
export function overlayNames(overlay: OverlayState, withheld: ReadonlySet<string>): OverlayNames {
  const forward = new Map<string, string[]>();
  const reverse = new Map<string, string>();
  const add = (name: string, addresses: readonly string[]) => {
    const key = name.toLowerCase();
    const present = forward.get(key) ?? [];
    forward.set(key, [...present, ...addresses.filter((address) => !present.includes(address))]);
  };
  for (const endpoint of overlay.endpoints) {
    const address = hostPart(endpoint.address);
    if (!endpoint.active || withheld.has(address)) continue;
    for (const name of [endpoint.name, ...(endpoint.aliases ?? [])]) add(name, [address]);
    reverse.set(address, endpoint.name);
  }
  for (const service of overlay.services) {
    const tasks = service.backends.filter((address) => !withheld.has(address));
    if (tasks.length === 0) continue;
    for (const name of [service.name, ...service.aliases]) {
      add(name, service.vip === undefined ? tasks : [service.vip]);
      add(`tasks.${name}`, tasks);
    }
  }
  return { networkName: overlay.spec.Name.toLowerCase(), forward, reverse };
}

/** The addresses of a name on the first of these networks that has it; `name.network` asks one network alone. */
export function resolveName(networks: readonly OverlayNames[], name: string): readonly string[] | undefined {
  for (const network of networks) {
    const addresses = network.forward.get(name);
    if (addresses) return addresses;
  }
  for (const network of networks) {
    const suffix = `.${network.networkName}`;
    const addresses = name.endsWith(suffix) ? network.forward.get(name.slice(0, -suffix.length)) : undefined;
    if (addresses) return addresses;
  }
  return undefined;
}

/** The name of an address, `name.network`, on the first of these networks that has it. */
export function resolveAddress(networks: readonly OverlayNames[], address: string): string | undefined {
  for (const network of networks) {
    const name = network.reverse.get(address);
    if (name !== undefined) return `${name}.${network.networkName}`;
  }
  return undefined;
}
