import type { Clock } from '../../clock/clock.ts';
import type { LocalOverlay } from '../../gateway/networks/local-overlays.ts';
import type { EngineNetworks } from './engine-networks.ts';

/** Whoever asks for one name mostly asks for the next one too. */
const CACHE_TIME = 1_000;

export interface ContainerOverlayLookupOptions {
  clock: Clock;
  networks: EngineNetworks;
  overlays: { list(): LocalOverlay[] };
}

/** Finds the overlays of a container that is no task by one of its addresses; the engine alone knows them. */
export class ContainerOverlayLookup {
  readonly #options: ContainerOverlayLookupOptions;
  readonly #cache = new Map<string, { until: number; overlayIds: Promise<string[]> }>();

  constructor(options: ContainerOverlayLookupOptions) {
    this.#options = options;
  }

  /** IDs of overlays; none for an address that no container has, and where the engine does not answer. */
  overlaysOf(address: string): Promise<string[]> {
    const now = this.#options.clock.now();
    for (const [key, { until }] of this.#cache) if (until <= now) this.#cache.delete(key);
    const cached = this.#cache.get(address);
    if (cached) return cached.overlayIds;
    const overlayIds = this.#ask(address);
    this.#cache.set(address, { until: now + CACHE_TIME, overlayIds });
    // One that is not there yet may be there the next moment.
    overlayIds.then((ids) => ids.length === 0 && this.#cache.delete(address));
    return overlayIds;
  }

  async #ask(address: string): Promise<string[]> {
    const { networks, overlays } = this.#options;
    try {
      const ids = new Set(await networks.networksOfAddress(address));
      return overlays.list().flatMap(({ engineId, state }) => (ids.has(engineId) ? [state.id] : []));
    } catch {
      return [];
    }
  }
}
