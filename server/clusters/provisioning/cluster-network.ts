import { readFileSync } from 'node:fs';
import type Docker from 'dockerode';
import { SwarmlabError } from '../../errors/swarmlab-error.ts';
import { formatSubnet, overlaps, type Subnet } from '../../orchestrator/allocator/ipv4.ts';
import { asEngineFailure, engineMessage } from '../outer-engine.ts';
import { addressIn, candidateSubnets, parseSubnet, routedSubnets } from '../subnet.ts';

/** What an engine says of a subnet that is in use; it may know of some that we do not. */
const TAKEN = /overlap|already exists|Pool/i;

/**
 * Makes the network that the nodes stand in, on `wanted`, else on the first subnet that neither the engine nor the machine uses.
 * Gives the subnet. SL_SUBNET_TAKEN when the wanted one is in use or none is free.
 */
export async function createClusterNetwork(
  engine: Docker,
  options: { name: string; labels: Record<string, string>; wanted: string | undefined },
): Promise<Subnet> {
  const wanted = options.wanted === undefined ? undefined : parseSubnet(options.wanted);
  const used = await usedSubnets(engine);
  for (const subnet of wanted ? [wanted] : candidateSubnets()) {
    if (used.some((other) => overlaps(subnet, other))) continue;
    try {
      await engine.createNetwork({
        Name: options.name,
        Driver: 'bridge',
        CheckDuplicate: true,
        Labels: options.labels,
        IPAM: { Driver: 'default', Config: [{ Subnet: formatSubnet(subnet), Gateway: addressIn(subnet, 1) }] },
      });
      return subnet;
    } catch (error) {
      if (!TAKEN.test(engineMessage(error))) throw asEngineFailure(error, 'creating the network');
    }
  }
  throw new SwarmlabError(
    'SL_SUBNET_TAKEN',
    wanted ? `${options.wanted} overlaps a subnet that is in use` : 'every subnet from 10.10.10.0/24 on is in use',
    wanted ? {} : { next: '`swarmlab cluster ls` shows clusters that could be removed; or give --subnet.' },
  );
}

/** The subnets of the engine's networks and, as far as it can be seen, those the machine has routes to. */
export async function usedSubnets(engine: Docker): Promise<Subnet[]> {
  const networks = await engine.listNetworks();
  const pools = networks.flatMap((network) => network.IPAM?.Config ?? []).flatMap(({ Subnet }) => Subnet ?? []);
  return [...pools.flatMap((text) => parseSubnet(text) ?? []), ...machineRoutes()];
}

function machineRoutes(): Subnet[] {
  try {
    return routedSubnets(readFileSync('/proc/net/route', 'utf8'));
  } catch {
    return [];
  }
}
