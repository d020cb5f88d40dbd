import { z } from 'zod';
import type { LocalOverlay } from './local-overlays.ts';

const filterSets = z.record(z.string(), z.union([z.record(z.string(), z.boolean()), z.array(z.string())]));

/**
 * Filters of the engine's lists and events with overlays in `network` named as the engine names their bridges. Text that is no filters
 * comes back as it is: the engine has its own words for it.
 */
export function engineFilters(text: string, overlays: readonly LocalOverlay[]): string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return text;
  }
  const parsed = filterSets.safeParse(value);
  const networks = parsed.success ? parsed.data.network : undefined;
  if (!parsed.success || networks === undefined) return text;
  const wanted = Array.isArray(networks) ? networks : Object.keys(networks).filter((key) => networks[key]);
  return JSON.stringify({ ...parsed.data, network: wanted.map((term) => engineTerm(term, overlays)) });
}

function engineTerm(term: string, overlays: readonly LocalOverlay[]): string {
  const overlay =
    overlays.find(({ state }) => state.id === term || state.spec.Name === term) ??
    overlays.find(({ state }) => term !== '' && state.id.startsWith(term));
  return overlay?.engineId ?? term;
}
