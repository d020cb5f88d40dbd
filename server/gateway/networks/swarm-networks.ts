import { type Clock, sleep } from '../../clock/clock.ts';
import { ControlError } from '../../orchestrator/api/control-error.ts';
import { decode } from '../../orchestrator/api/request/go-json.ts';
import { networkConnect, networkDisconnect } from '../guard/bodies/container.ts';
import { strictFlag } from '../http/go-values.ts';
import { PageNotFound } from '../swarm-api/api-version.ts';
import { AttachmentClient } from './attachment-client.ts';
import { awaitLeft } from './await-left.ts';
import { ContainerAttachments } from './container-attachments.ts';
import { containerDetails } from './container-details.ts';
import { createNetwork } from './create-network.ts';
import { withEngineNames } from './creating-container.ts';
import { engineFilters } from './engine-filters.ts';
import { GATEWAY_BRIDGE } from './gateway-bridge.ts';
import type { JsonAnswer, JsonApi } from './json-api.ts';
import type { LocalOverlays } from './local-overlays.ts';
import { NetworkDirectory } from './network-directory.ts';
import { listNetworks } from './network-filters.ts';
import type {
  NetworkPresentation,
  NetworkPresentationOptions,
  NetworksRequest,
  Started,
} from './network-presentation.ts';
import { presentContainer } from './present-container.ts';
import { presentEvent } from './present-event.ts';
import { pruneNetworks } from './prune-networks.ts';

/** Networks that every engine has. */
const PREDEFINED = ['bridge', 'host', 'none', 'default'];

const BRIDGE_WARNING = /^WARNING: bridge-nf-call-ip6?tables is disabled$/;

/** How long to wait for an engine that has gone, in milliseconds. */
const EVENTS_AGAIN = 1_000;

/** Makes the presentation of one node's networks; it follows the engine's events until it is closed. */
export function createNetworkPresentation(options: NetworkPresentationOptions): NetworkPresentation {
  return new SwarmNetworks(options);
}

class SwarmNetworks implements NetworkPresentation {
  readonly #parts: { engine: JsonApi; swarm: JsonApi; directory: NetworkDirectory };
  readonly #overlays: LocalOverlays;
  readonly #attachments: ContainerAttachments;
  readonly #closing = new AbortController();
  readonly #clock: Clock;

  constructor({ engine, swarm, overlays, events, clock, log }: NetworkPresentationOptions) {
    this.#parts = { engine, swarm, directory: new NetworkDirectory({ engine, swarm, overlays }) };
    this.#overlays = overlays;
    this.#clock = clock;
    this.#attachments = new ContainerAttachments({ engine, overlays, client: new AttachmentClient(swarm) });
    this.#follow(events, clock, log);
  }

  async networks(request: NetworksRequest): Promise<JsonAnswer> {
    try {
      return await this.#answer(request);
    } catch (error) {
      if (error instanceof PageNotFound) throw error;
      if (error instanceof ControlError) return { status: error.status, body: { message: error.message } };
      throw error;
    }
  }

  creating(body: Record<string, unknown>): Promise<Record<string, unknown>> {
    return withEngineNames(body, this.#parts.directory);
  }

  async starting(container: string): Promise<Started> {
    const local = await this.#parts.directory.local();
    const own = local.filter(({ kind }) => kind === 'engine').flatMap(({ id, name }) => [id, name]);
    const known = new Set([...PREDEFINED, ...own]);
    return this.#attachments.starting(container, (network) => known.has(network));
  }

  container(shown: Record<string, unknown>): Record<string, unknown> {
    return presentContainer(shown, this.#overlays);
  }

  filters(filters: string): string {
    return engineFilters(filters, this.#overlays.list());
  }

  event(event: Record<string, unknown>): Record<string, unknown> | undefined {
    return presentEvent(event, this.#overlays);
  }

  info(shown: Record<string, unknown>): Record<string, unknown> {
    const { Warnings } = shown;
    return {
      ...shown,
      BridgeNfIptables: true,
      BridgeNfIp6tables: true,
      ...(Array.isArray(Warnings) && {
        Warnings: noneIfEmpty(Warnings.filter((warning) => !BRIDGE_WARNING.test(String(warning)))),
      }),
    };
  }

  left(): Promise<void> {
    return awaitLeft({ engine: this.#parts.engine, overlays: this.#overlays, clock: this.#clock });
  }

  close(): void {
    this.#closing.abort();
  }

  async #answer({ method, path, query, body }: NetworksRequest): Promise<JsonAnswer> {
    // A name may have slashes in it.
    const name = decodeURIComponent(path.replace(/^\/networks\/?/, ''));
    const filters = query.get('filters') ?? undefined;
    if (method === 'GET') return name === '' ? this.#list(filters) : this.#inspect(name, query);
    if (method === 'DELETE' && path !== '/networks') return this.#remove(name);
    if (method === 'POST' && name === 'create')
      return createNetwork({ ...this.#parts, inSwarm: this.#inSwarm() }, body);
    if (method === 'POST' && name === 'prune') {
      return pruneNetworks(this.#parts, filters, { inSwarm: this.#inSwarm() });
    }
    const member = /^(.*)\/((?:dis)?connect)$/.exec(name);
    if (method !== 'POST' || member === null) throw new PageNotFound();
    const [, network = '', action] = member;
    return action === 'connect' ? this.#connect(network, body) : this.#disconnect(network, body);
  }

  async #list(filters: string | undefined): Promise<JsonAnswer> {
    const { stored, local } = await this.#parts.directory.listed();
    const networks = listNetworks(stored, local, filters);
    return { status: 200, body: networks.map(({ shown }) => shown) };
  }

  async #inspect(name: string, query: URLSearchParams): Promise<JsonAnswer> {
    const { directory } = this.#parts;
    const verbose = strictFlag(query, 'verbose');
    const network = await directory.find(name, query.get('scope') ?? undefined);
    return { status: 200, body: await directory.inspect(network, verbose) };
  }

  async #remove(name: string): Promise<JsonAnswer> {
    const { engine, swarm, directory } = this.#parts;
    const network = await directory.findOnly(name);
    if (network.kind !== 'engine') return swarm({ method: 'DELETE', path: `/networks/${network.id}` });
    if (network.name === GATEWAY_BRIDGE && this.#inSwarm()) {
      const what = `network ${network.name} id ${network.id} has active endpoints`;
      throw new ControlError(403, `error while removing network: ${what}`);
    }
    return engine({ method: 'DELETE', path: `/networks/${network.id}` });
  }

  async #connect(name: string, body: unknown): Promise<JsonAnswer> {
    const { Container = '', EndpointConfig } = decode(networkConnect, body);
    await containerDetails(this.#parts.engine, Container);
    const network = await this.#lookUp(name);
    if (network?.kind === 'engine') {
      return this.#parts.engine({ method: 'POST', path: `/networks/${network.id}/connect`, body });
    }
    return this.#attachments.connect(network?.name ?? name, Container, EndpointConfig);
  }

  async #disconnect(name: string, body: unknown): Promise<JsonAnswer> {
    const { Container = '', Force = false } = decode(networkDisconnect, body);
    await containerDetails(this.#parts.engine, Container);
    const network = await this.#parts.directory.find(name);
    if (network.kind === 'overlay') return this.#attachments.disconnect(network.overlay, Container, Force);
    if (network.kind === 'stored') return this.#attachments.notConnected(network.name, Container);
    return this.#parts.engine({ method: 'POST', path: `/networks/${network.id}/disconnect`, body });
  }

  async #lookUp(name: string) {
    try {
      return await this.#parts.directory.find(name);
    } catch (error) {
      // A worker knows an overlay only once it is in place; the orchestrator knows them all.
      if (error instanceof ControlError && error.status === 404) return undefined;
      throw error;
    }
  }

  #inSwarm(): boolean {
    return this.#overlays.list().length > 0;
  }

  /** The stream of events ends whenever the engine does. */
  async #follow(
    events: NetworkPresentationOptions['events'],
    clock: Clock,
    log: (message: string) => void,
  ): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        for await (const event of events(signal)) {
          this.#attachments.observe(event).catch((error: unknown) => log(`attachments: ${String(error)}`));
        }
      } catch (error) {
        if (!signal.aborted) log(`events: ${String(error)}`);
      }
      await sleep(clock, EVENTS_AGAIN);
    }
  }
}

function noneIfEmpty(warnings: unknown[]): unknown[] | null {
  return warnings.length > 0 ? warnings : null;
}
