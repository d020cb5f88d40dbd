import { ControlError } from '../../orchestrator/api/control-error.ts';
import { Filters } from '../../orchestrator/api/filters.ts';
import { GATEWAY_BRIDGE } from './gateway-bridge.ts';
import { type JsonAnswer, type JsonApi, succeeded } from './json-api.ts';
import type { KnownNetwork, NetworkDirectory } from './network-directory.ts';

const ACCEPTED = ['label', 'label!', 'until'];
const PREDEFINED = ['bridge', 'host', 'none'];

export interface PruneOptions {
  engine: JsonApi;
  swarm: JsonApi;
  directory: NetworkDirectory;
}

/**
 * POST /networks/prune as in a Swarm: a manager's overlays that nothing needs first, then the node's own networks without containers.
 * What stands for an overlay, and docker_gwbridge while the node is in a swarm, stays: the engine is not asked to prune, for it keeps
 * only what has all of the labels that a filter excludes.
 */
export async function pruneNetworks(
  { engine, swarm, directory }: PruneOptions,
  text: string | undefined,
  options: { inSwarm: boolean },
): Promise<JsonAnswer> {
  const isMeant = meaning(Filters.parse(text, ACCEPTED));
  const removed: string[] = [];
  const remove = async (api: JsonApi, { id, name, shown }: KnownNetwork) => {
    if (!isMeant((shown.Labels ?? {}) as Record<string, string>, String(shown.Created))) return;
    // Whoever has it refuses to remove one that is in use.
    if (succeeded(await api({ method: 'DELETE', path: `/networks/${id}` }))) removed.push(name);
  };
  for (const network of (await directory.stored()) ?? [])
    if (network.shown.Ingress !== true) await remove(swarm, network);
  for (const network of await directory.local()) {
    const { kind, name, shown } = network;
    const stays =
      PREDEFINED.includes(name) || shown.ConfigOnly === true || (options.inSwarm && name === GATEWAY_BRIDGE);
    if (kind === 'engine' && !stays) await remove(engine, network);
  }
  return { status: 200, body: { NetworksDeleted: removed.length > 0 ? removed : null } };
}

/** Whether the filters mean a network with these labels, made then. One is spared by `label!` that has all those labels. */
function meaning(filters: Filters): (labels: Record<string, string>, created: string) => boolean {
  const limits = filters.values('until').map(timeOf);
  return (labels, created) =>
    filters.labels('label', labels) &&
    !(filters.has('label!') && filters.labels('label!', labels)) &&
    limits.every((limit) => Date.parse(created) < limit);
}

const SECONDS: Record<string, number> = { h: 3600, m: 60, s: 1 };

/** `until` is a Go duration back from now, Unix seconds or a timestamp; milliseconds since 1970. Throws Docker's 400. */
function timeOf(until: string): number {
  const parts = [...until.matchAll(/(\d+(?:\.\d+)?)([hms])/g)];
  if (parts.length > 0 && parts.map(([part]) => part).join('') === until) {
    const seconds = parts.reduce((sum, [, count = '', unit = '']) => sum + Number(count) * (SECONDS[unit] ?? 0), 0);
    return Date.now() - seconds * 1000;
  }
  const time = /^\d+(\.\d+)?$/.test(until) ? Number(until) * 1000 : Date.parse(until);
  if (Number.isNaN(time)) {
    throw new ControlError(400, `failed to parse value as time or duration: ${JSON.stringify(until)}`);
  }
  return time;
}
