import { z } from 'zod';
import { ControlError } from '../../orchestrator/api/control-error.ts';
import { TEXTS } from '../../orchestrator/membership/texts.ts';
import { GATEWAY_BRIDGE, GatewayMembers, presentGatewayBridge } from './gateway-bridge.ts';
import { type JsonAnswer, type JsonApi, succeeded } from './json-api.ts';
import type { LocalOverlay, LocalOverlays } from './local-overlays.ts';
import { OVERLAY_LABEL } from './network-labels.ts';
import { type NetworkJson, presentOverlay } from './present-overlay.ts';

/** A network as this node knows it: one of its engine's own, an overlay that is in place here, or one in the manager's store alone. */
export type KnownNetwork =
  | { kind: 'engine'; id: string; name: string; shown: NetworkJson }
  | { kind: 'overlay'; id: string; name: string; shown: NetworkJson; overlay: LocalOverlay }
  | { kind: 'stored'; id: string; name: string; shown: NetworkJson };

const listedNetwork = z.looseObject({
  Id: z.string(),
  Name: z.string(),
  Labels: z.record(z.string(), z.string()).nullish(),
});
const listed = z.array(listedNetwork);
const withContainers = z.looseObject({ Containers: z.record(z.string(), z.unknown()).nullish() });

/** Networks of a list, with their keys in the order in which Docker writes them. */
function asTheyCame(body: unknown): z.infer<typeof listed> {
  listed.parse(body);
  return body as z.infer<typeof listed>;
}

/** How a term that means several networks is refused. */
type Ambiguous = (term: string, by: string, count: number) => string;

const AMBIGUOUS: Ambiguous = (term, by, count) => `${count} matches found based on ${by}: network ${term} is ambiguous`;
const AMBIGUOUS_TO_REMOVE: Ambiguous = (term, by, count) =>
  `network ${term} is ambiguous (${count} matches found based on ${by})`;

/** All networks of a node in one list, as the engine of a Swarm has them. */
export class NetworkDirectory {
  readonly #engine: JsonApi;
  readonly #swarm: JsonApi;
  readonly #overlays: LocalOverlays;
  readonly #gatewayMembers = new GatewayMembers();

  constructor(options: { engine: JsonApi; swarm: JsonApi; overlays: LocalOverlays }) {
    this.#engine = options.engine;
    this.#swarm = options.swarm;
    this.#overlays = options.overlays;
  }

  /** The node's own networks, then the local instances of overlays. */
  async local(): Promise<KnownNetwork[]> {
    const networks = asTheyCame(await bodyOf(this.#engine, '/networks'));
    const overlays = this.#overlays.list();
    const inSwarm = overlays.length > 0;
    const known: KnownNetwork[] = [];
    for (const shown of networks) {
      const overlay = overlays.find(({ engineId }) => engineId === shown.Id);
      if (overlay) {
        const { id, spec } = overlay.state;
        const instance = presentOverlay(overlay, shown, { listed: true, verbose: false, published: [] });
        known.push({ kind: 'overlay', id, name: spec.Name, shown: instance, overlay });
      } else if (shown.Labels?.[OVERLAY_LABEL] === undefined) {
        const bridge = shown.Name === GATEWAY_BRIDGE ? presentGatewayBridge(shown, { inSwarm, listed: true }) : shown;
        known.push({ kind: 'engine', id: shown.Id, name: shown.Name, shown: bridge });
      }
    }
    return known;
  }

  /** The manager's networks; undefined where this node is no manager, or where it cannot tell, having no leader. */
  async stored(): Promise<KnownNetwork[] | undefined> {
    return storedIn(await this.#askSwarm('/networks'));
  }

  /** What GET /networks goes through: a locked manager carries no overlays as far as anybody can see. */
  async listed(): Promise<{ stored: KnownNetwork[]; local: KnownNetwork[] }> {
    const [local, answer] = await Promise.all([this.local(), this.#askSwarm('/networks')]);
    if (isLocked(answer)) return { stored: [], local: local.filter(({ kind }) => kind !== 'overlay') };
    return { stored: storedIn(answer) ?? [], local };
  }

  /** What GET /networks lists before any filter: a manager shows its store's overlays, a worker those in place on it. */
  async all(): Promise<KnownNetwork[]> {
    const [local, stored = []] = await Promise.all([this.local(), this.stored()]);
    const inStore = new Set(stored.map(({ id }) => id));
    return [...stored, ...local.filter(({ id }) => !inStore.has(id))];
  }

  /**
   * The network that a term means: a full ID, a name, the beginning of an ID; a local instance wins over the store's. `scope` leaves out
   * networks of another one. Throws Docker's 404, or 400 where a term means several.
   */
  find(term: string, scope?: string): Promise<KnownNetwork> {
    return this.#find(term, scope, AMBIGUOUS);
  }

  /** The same for a network that is to be removed; here even an empty term is the beginning of IDs, and ambiguity told in another way. */
  findOnly(term: string): Promise<KnownNetwork> {
    return this.#find(term, undefined, AMBIGUOUS_TO_REMOVE);
  }

  async #find(term: string, scope: string | undefined, ambiguous: Ambiguous): Promise<KnownNetwork> {
    const only = (by: string, found: KnownNetwork[]) => {
      if (found.length > 1) throw new ControlError(400, ambiguous(term, by, found.length));
      return found[0];
    };
    const matches = (network: KnownNetwork) => !scope || network.shown.Scope === scope;
    const local = (await this.local()).filter(matches);
    const byId = local.find(({ id }) => id === term);
    if (byId) return byId;
    const known = new Set(local.map(({ id }) => id));
    const stored = ((await this.stored()) ?? []).filter((network) => matches(network) && !known.has(network.id));
    // What is left of a swarm before, or of a network before, gives way to what is called like it now.
    const isLeftOver = ({ kind, name }: KnownNetwork) =>
      kind === 'overlay' && stored.some((network) => network.name === name);
    const all = [...local.filter((network) => !isLeftOver(network)), ...stored];
    return (
      all.find(({ id }) => id === term) ??
      only(
        'name',
        all.filter(({ name }) => name === term),
      ) ??
      only(
        'ID prefix',
        all.filter(({ id }) => id.startsWith(term)),
      ) ??
      (scope === 'local' ? undefined : await this.#hidden(term)) ??
      notFound(term)
    );
  }

  /** The manager's mirrors of a node's own networks are in no list, but `docker service create --network host` asks for them. */
  async #hidden(term: string): Promise<KnownNetwork | undefined> {
    const answer = await this.#askSwarm(`/networks/${encodeURIComponent(term)}`);
    if (!succeeded(answer)) return undefined;
    const [shown] = asTheyCame([answer.body]);
    if (shown === undefined) return undefined;
    return { kind: 'stored', id: shown.Id, name: shown.Name, shown };
  }

  async #askSwarm(path: string): Promise<JsonAnswer> {
    try {
      return await this.#swarm({ method: 'GET', path });
    } catch (error) {
      if (error instanceof ControlError) return { status: error.status, body: { message: error.message } };
      throw error;
    }
  }

  /** The network with everything that GET /networks/ID shows. */
  async inspect(network: KnownNetwork, verbose: boolean): Promise<NetworkJson> {
    if (network.kind === 'stored') return network.shown;
    const query = verbose ? '?verbose=true' : '';
    if (network.kind === 'overlay') {
      const bridge = await bodyOf(this.#engine, `/networks/${network.overlay.engineId}`);
      const published = this.#overlays.published();
      return presentOverlay(network.overlay, bridge, { listed: false, verbose, published });
    }
    const shown = (await bodyOf(this.#engine, `/networks/${network.id}${query}`)) as NetworkJson;
    if (network.name !== GATEWAY_BRIDGE) return shown;
    const inSwarm = this.#overlays.list().length > 0;
    return presentGatewayBridge(shown, { inSwarm, listed: false, members: await this.#onGatewayBridge() });
  }

  /** A container reaches the outside by docker_gwbridge when it is on an overlay that leads there. */
  async #onGatewayBridge(): Promise<ReadonlyMap<string, number>> {
    const carriers = this.#overlays.list().filter(({ state }) => !state.spec.Internal);
    const bridges = await Promise.all(carriers.map(({ engineId }) => bodyOf(this.#engine, `/networks/${engineId}`)));
    return this.#gatewayMembers.update(
      bridges.flatMap((bridge) => Object.keys(withContainers.parse(bridge).Containers ?? {})),
    );
  }
}

function storedIn(answer: JsonAnswer): KnownNetwork[] | undefined {
  if (!succeeded(answer)) return undefined;
  return asTheyCame(answer.body).map((shown) => ({ kind: 'stored', id: shown.Id, name: shown.Name, shown }));
}

function isLocked({ status, body }: JsonAnswer): boolean {
  return status === 503 && refusalOf(status, body).message === TEXTS.locked;
}

/** The error of an answer that was a refusal. */
export function refusalOf(status: number, body: unknown): ControlError {
  const message = z.object({ message: z.string() }).safeParse(body);
  return new ControlError(status, message.success ? message.data.message : `unexpected answer (${status})`);
}

async function bodyOf(api: JsonApi, path: string): Promise<unknown> {
  const answer = await api({ method: 'GET', path });
  if (!succeeded(answer)) throw refusalOf(answer.status, answer.body);
  return answer.body;
}

function notFound(term: string): never {
  throw new ControlError(404, `network ${term} not found`);
}
