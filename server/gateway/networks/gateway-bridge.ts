import { z } from 'zod';
import { macOf } from './addresses.ts';
import { hexId, type NetworkJson } from './present-overlay.ts';

/** The bridge by which the engine of a Swarm connects containers to their node's network. */
export const GATEWAY_BRIDGE = 'docker_gwbridge';

/**
 * docker_gwbridge as the engine of a Swarm shows it. Here the engine has it for the sake of those who look for it: containers reach the
 * outside by their overlay's bridge, and published ports need no sandbox in between.
 */
export function presentGatewayBridge(shown: NetworkJson, options: { inSwarm: boolean; listed: boolean }): NetworkJson {
  const { inSwarm, listed } = options;
  return {
    ...shown,
    ...(inSwarm && !listed && { Containers: ingressSandbox(shown) }),
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

/** The ingress network's end on the bridge, which is always the first to come. */
function ingressSandbox(shown: NetworkJson): Record<string, unknown> {
  const { Id, IPAM } = addressed.parse(shown);
  const [config] = IPAM.Config;
  const [, length = '16'] = config?.Subnet.split('/') ?? [];
  const address = config?.Gateway.replace(/\d+$/, '2') ?? '';
  const endpoint = {
    Name: 'gateway_ingress-sbox',
    EndpointID: hexId(`${Id} ingress-sbox`),
    MacAddress: macOf(address),
    IPv4Address: `${address}/${length}`,
    IPv6Address: '',
  };
  return { 'ingress-sbox': endpoint };
}
