import { z } from 'zod';
import { macOf } from './addresses.ts';
import { hexId, type NetworkJson } from './present-overlay.ts';

/** The bridge by which the engine of a Swarm connects containers to their node's network. */
export const GATEWAY_BRIDGE = 'docker_gwbridge';

/**
 * docker_gwbridge as the engine of a Swarm shows it. Here the engine has it for the sake of those who look for it: containers reach the
 * outside by their overlay's bridge, and published ports need no sandbox in between.
 */
export function presentGatewayBridge(
  shown: NetworkJson,
  options: { inSwarm: boolean; listed: boolean; members?: ReadonlyMap<string, number> },
): NetworkJson {
  const { inSwarm, listed, members = new Map() } = options;
  return {
    ...shown,
    ...(inSwarm && !listed && { Containers: containers(shown, members) }),
    Options: {
      'com.docker.network.bridge.enable_icc': 'false',
      'com.docker.network.bridge.enable_ip_masquerade': 'true',
      'com.docker.network.bridge.name': GATEWAY_BRIDGE,
    },
    Labels: {},
  };
}

const addressed = z.looseObject({
  Id: z.string(),
  IPAM: z.object({ Config: z.array(z.object({ Subnet: z.string(), Gateway: z.string() })).min(1) }),
});

/** The number of the address that the ingress network's end has on the bridge; it is always the first to come. */
const SANDBOX_ADDRESS = 2;

/** The ends of the ingress network and of each container on an overlay; `members` tells the numbers of their addresses. */
function containers(shown: NetworkJson, members: ReadonlyMap<string, number>): Record<string, unknown> {
  const { Id, IPAM } = addressed.parse(shown);
  const [config] = IPAM.Config;
  const [, length = '16'] = config?.Subnet.split('/') ?? [];
  const endpoint = (key: string, name: string, number: number) => {
    const address = config?.Gateway.replace(/\d+$/, String(number)) ?? '';
    return {
      Name: `gateway_${name}`,
      EndpointID: hexId(`${Id} ${key}`),
      MacAddress: macOf(address),
      IPv4Address: `${address}/${length}`,
      IPv6Address: '',
    };
  };
  const ends: [string, unknown][] = [...members].map(([id, number]) => [
    id,
    endpoint(id, hexId(id).slice(0, 12), number),
  ]);
  ends.push(['ingress-sbox', endpoint('ingress-sbox', 'ingress-sbox', SANDBOX_ADDRESS)]);
  // Go's maps come sorted by key.
  return Object.fromEntries(ends.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Which containers have an end on the bridge: each keeps the lowest number that was free when it came. */
export class GatewayMembers {
  #numbers = new Map<string, number>();

  /** Takes those that are there now, oldest known first. */
  update(present: Iterable<string>): ReadonlyMap<string, number> {
    const ids = [...new Set(present)];
    const numbers = new Map([...this.#numbers].filter(([id]) => ids.includes(id)));
    const taken = new Set(numbers.values());
    for (const id of ids) {
      if (numbers.has(id)) continue;
      let number = SANDBOX_ADDRESS + 1;
      while (taken.has(number)) number += 1;
      taken.add(number);
      numbers.set(id, number);
    }
    this.#numbers = numbers;
    return numbers;
  }
}
