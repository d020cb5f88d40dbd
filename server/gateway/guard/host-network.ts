import { z } from 'zod';
import type { JsonApi } from '../networks/json-api.ts';

const network = z.object({ Driver: z.string() });

/**
 * Tells whether what a client calls a network is the nodes' own, which the CLI names by its ID. Asks whoever knows the swarm's networks;
 * a network that nobody knows is refused by whoever gets the request.
 */
export function hostNetworkLookup(api: JsonApi): (reference: string) => Promise<boolean> {
  return async (reference) => {
    if (reference === 'host') return true;
    const answer = await api({ method: 'GET', path: `/networks/${encodeURIComponent(reference)}?scope=swarm` });
    const found = network.safeParse(answer.body);
    return found.success && found.data.Driver === 'host';
  };
}
