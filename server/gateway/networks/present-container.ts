import { z } from 'zod';
import { macOf } from './addresses.ts';
import type { LocalOverlays } from './local-overlays.ts';

const endpoint = z.looseObject({ NetworkID: z.string(), IPAddress: z.string() });
const withNetworks = z.looseObject({
  NetworkSettings: z.looseObject({ Networks: z.record(z.string(), endpoint) }),
});

/**
 * A container of GET /containers/json or /containers/ID/json with the overlays it is on in place of the bridges that carry them:
 * the overlay's name and ID, no gateway, since in a Swarm that is docker_gwbridge's.
 */
export function presentContainer(
  shown: Record<string, unknown>,
  overlays: Pick<LocalOverlays, 'ofBridge'>,
): Record<string, unknown> {
  const parsed = withNetworks.safeParse(shown);
  if (!parsed.success) return shown;
  const { NetworkSettings } = parsed.data;
  const networks = Object.entries(NetworkSettings.Networks).map(([name, network]): [string, unknown] => {
    const overlay = overlays.ofBridge(network.NetworkID, name);
    return overlay ? [overlay.spec.Name, presentEndpoint(network, overlay.id)] : [name, network];
  });
  return {
    ...shown,
    NetworkSettings: {
      ...NetworkSettings,
      // Go's maps come sorted by key.
      Networks: Object.fromEntries(networks.sort(([a], [b]) => (a < b ? -1 : 1))),
    },
  };
}

function presentEndpoint(network: z.infer<typeof endpoint>, overlayId: string): Record<string, unknown> {
  const attached = network.IPAddress !== '';
  return {
    ...network,
    NetworkID: overlayId,
    Gateway: '',
    // A container that has stopped has given its address back.
    ...(attached ? { MacAddress: macOf(network.IPAddress) } : { IPAMConfig: null }),
  };
}
