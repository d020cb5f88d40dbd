import { z } from 'zod';
import { Filters } from '../../orchestrator/api/filters.ts';
import { type JsonAnswer, type JsonApi, succeeded } from './json-api.ts';
import type { NetworkDirectory } from './network-directory.ts';
import { GATEWAY_BRIDGE_LABEL, OVERLAY_LABEL } from './network-labels.ts';

const ACCEPTED = ['label', 'label!', 'until'];
const pruned = z.object({ NetworksDeleted: z.array(z.string()).nullish() });

export interface PruneOptions {
  engine: JsonApi;
  swarm: JsonApi;
  directory: NetworkDirectory;
}

/**
 * POST /networks/prune as in a Swarm: a manager's overlays that nothing needs first, then the node's own networks without containers.
 * What stands for an overlay, and docker_gwbridge while the node is in a swarm, stays.
 */
export async function pruneNetworks(
  { engine, swarm, directory }: PruneOptions,
  text: string | undefined,
  options: { inSwarm: boolean },
): Promise<JsonAnswer> {
  const filters = Filters.parse(text, ACCEPTED);
  const removed: string[] = [];
  for (const { id, name, shown } of (await directory.stored()) ?? []) {
    const labels = (shown.Labels ?? {}) as Record<string, string>;
    const isMeant =
      filters.labels('label', labels) &&
      filters.values('label!').every((label) => !hasLabel(labels, label)) &&
      filters.values('until').every((until) => isBefore(String(shown.Created), until));
    if (shown.Ingress === true || !isMeant) continue;
    // The manager refuses to remove one that is in use.
    if (succeeded(await swarm({ method: 'DELETE', path: `/networks/${id}` }))) removed.push(name);
  }
  const kept = [OVERLAY_LABEL, ...(options.inSwarm ? [GATEWAY_BRIDGE_LABEL] : [])];
  const own = {
    label: [...filters.values('label')],
    'label!': [...filters.values('label!'), ...kept],
    until: [...filters.values('until')],
  };
  const query = new URLSearchParams({ filters: JSON.stringify(withoutEmpty(own)) });
  const answer = await engine({ method: 'POST', path: `/networks/prune?${query}` });
  if (!succeeded(answer)) return answer;
  const all = [...removed, ...(pruned.parse(answer.body).NetworksDeleted ?? [])];
  return { status: 200, body: { NetworksDeleted: all.length > 0 ? all : null } };
}

function withoutEmpty(filters: Record<string, string[]>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(filters).filter(([, values]) => values.length > 0));
}

function hasLabel(labels: Record<string, string>, wanted: string): boolean {
  const at = wanted.indexOf('=');
  if (at < 0) return Object.hasOwn(labels, wanted);
  return labels[wanted.slice(0, at)] === wanted.slice(at + 1);
}

const SECONDS: Record<string, number> = { h: 3600, m: 60, s: 1 };

/** `until` is a Go duration back from now, Unix seconds or a timestamp. */
function isBefore(created: string, until: string): boolean {
  const parts = [...until.matchAll(/(\d+(?:\.\d+)?)([hms])/g)];
  const isDuration = parts.length > 0 && parts.map(([part]) => part).join('') === until;
  const seconds = parts.reduce((sum, [, count = '', unit = '']) => sum + Number(count) * (SECONDS[unit] ?? 0), 0);
  const limit = /^\d+(\.\d+)?$/.test(until) ? Number(until) * 1000 : Date.parse(until);
  return Date.parse(created) < (isDuration ? Date.now() - seconds * 1000 : limit);
}
