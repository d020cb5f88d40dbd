import { z } from 'zod';
import type { EngineEvent } from '../../engine/engine.ts';
import { ControlError } from '../../orchestrator/api/control-error.ts';
import { hostPart, macOf } from './addresses.ts';
import type { AttachmentClient } from './attachment-client.ts';
import { type ContainerDetails, containerDetails } from './container-details.ts';
import { type JsonAnswer, type JsonApi, succeeded } from './json-api.ts';
import type { LocalOverlay, LocalOverlays } from './local-overlays.ts';
import { refusalOf } from './network-directory.ts';
import { TASK_LABEL } from './network-labels.ts';
import type { Started } from './network-presentation.ts';
import { Turns } from './turns.ts';

/** What a client may say about an endpoint; the rest is passed on to the engine as it came. */
const endpointConfig = z.looseObject({
  Aliases: z.array(z.string()).nullish(),
  IPAMConfig: z.looseObject({ IPv4Address: z.string().optional() }).nullish(),
});

export type EndpointConfig = z.infer<typeof endpointConfig>;

export interface ContainerAttachmentsOptions {
  engine: JsonApi;
  client: AttachmentClient;
  overlays: LocalOverlays;
}

/**
 * Plain containers on attachable overlays (`docker run --network`, `docker network connect`): the orchestrator gives the address, the
 * engine connects the container to the bridge. As in a Swarm a container has its address while it runs.
 */
export class ContainerAttachments {
  readonly #options: ContainerAttachmentsOptions;
  readonly #turns = new Turns();
  /** Containers that are about to start or be started again; that they end meanwhile is no reason to take their addresses. */
  readonly #starting = new Set<string>();
  /** Endpoints, by container and network of the engine, whose address was not asked for: the next start may give another. */
  readonly #unasked = new Set<string>();

  constructor(options: ContainerAttachmentsOptions) {
    this.#options = options;
  }

  /** Gives a container that is about to start its addresses; `isLocal` tells the engine's own networks by name or ID. */
  async starting(container: string, isLocal: (network: string) => boolean): Promise<Started> {
    const details = await containerDetails(this.#options.engine, container);
    if (details.isTask) return async () => {};
    this.#starting.add(details.id);
    const attached: LocalOverlay[] = [];
    const started: Started = async (running) => {
      this.#starting.delete(details.id);
      if (!running) await this.#turns.take(details.id, () => this.#detachAll(details.id, attached));
    };
    try {
      if (!details.running) await this.#turns.take(details.id, () => this.#attachAll(details, isLocal, attached));
      return started;
    } catch (error) {
      await started(false);
      // The engine removes what `--rm` made when it cannot start it, and the client waits for that; here it does not get to it.
      if (details.autoRemove) {
        await this.#options.engine({ method: 'DELETE', path: `/containers/${details.id}?force=true&v=true` });
      }
      throw error;
    }
  }

  /** Answers POST /networks/ID/connect for an overlay, or for a network that only the orchestrator may know. */
  async connect(target: string, container: string, config: unknown): Promise<JsonAnswer> {
    const details = await containerDetails(this.#options.engine, container);
    return this.#turns.take(details.id, async () => {
      const parsed = endpointConfig.parse(config ?? {});
      const present = this.#overlaysOf(details).find(({ state }) => state.id === target || state.spec.Name === target);
      if (present && details.running) {
        throw new ControlError(409, `${details.name} is already attached to network ${present.state.spec.Name}`);
      }
      const overlay = await this.#attach(target, details, parsed);
      if (!overlay) throw new ControlError(404, `network ${target} not found`);
      if (!details.running) await this.#options.client.detach(overlay.state.id, details.id);
      return { status: 200 };
    });
  }

  /** Answers POST /networks/ID/disconnect for an overlay that is in place here. */
  async disconnect(overlay: LocalOverlay, container: string, force: boolean): Promise<JsonAnswer> {
    const { engine, client } = this.#options;
    const { id } = await containerDetails(engine, container);
    return this.#turns.take(id, async () => {
      const path = `/networks/${overlay.engineId}/disconnect`;
      const answer = await engine({ method: 'POST', path, body: { Container: id, Force: force } });
      if (succeeded(answer)) await client.detach(overlay.state.id, id);
      return answer;
    });
  }

  /** Refuses to disconnect a container from an overlay that is not in place here. */
  async notConnected(networkName: string, container: string): Promise<JsonAnswer> {
    const { id } = await containerDetails(this.#options.engine, container);
    throw new ControlError(500, `container ${id} is not connected to network ${networkName}`);
  }

  /** Takes the addresses of a container that has ended. */
  async observe(event: EngineEvent): Promise<void> {
    const { Type, Action, Actor } = event;
    if (Type !== 'container' || !['die', 'destroy'].includes(Action)) return;
    if (Actor.Attributes[TASK_LABEL] !== undefined || this.#starting.has(Actor.ID)) return;
    await this.#turns.take(Actor.ID, () => this.#releaseEnded(Actor.ID));
  }

  async #releaseEnded(containerId: string): Promise<void> {
    if (this.#starting.has(containerId)) return;
    const { engine, overlays } = this.#options;
    const details = await containerDetails(engine, containerId).catch((error: unknown) => {
      if (error instanceof ControlError && error.status === 404) return undefined;
      throw error;
    });
    if (details?.running || details?.restarting) return;
    // One that is gone already cannot tell on which it was.
    const left = details ? this.#overlaysOf(details) : overlays.list();
    for (const { engineId, engineName } of left) {
      const endpoint = details?.networks[engineName];
      if (!this.#unasked.delete(`${containerId} ${engineId}`) || !endpoint) continue;
      await this.#forgetAddress(containerId, engineId, endpoint);
    }
    await this.#detachAll(containerId, left);
  }

  async #forgetAddress(Container: string, engineId: string, endpoint: EndpointConfig): Promise<void> {
    const { engine } = this.#options;
    const path = `/networks/${engineId}`;
    const { Aliases, DriverOpts, Links } = endpoint;
    await engine({ method: 'POST', path: `${path}/disconnect`, body: { Container, Force: true } });
    const body = { Container, EndpointConfig: { Aliases, DriverOpts, Links } };
    await engine({ method: 'POST', path: `${path}/connect`, body });
  }

  async #attachAll(
    details: ContainerDetails,
    isLocal: (network: string) => boolean,
    attached: LocalOverlay[],
  ): Promise<void> {
    const present = this.#overlaysOf(details);
    for (const [name, endpoint] of Object.entries(details.networks)) {
      const known = present.find(({ engineName }) => engineName === name);
      if (!known && isLocal(name)) continue;
      const { IPAMConfig, Aliases } = endpoint;
      const overlay = await this.#attach(known?.state.spec.Name ?? name, details, { IPAMConfig, Aliases });
      if (overlay) attached.push(overlay);
    }
  }

  /** Gets an address and has the engine connect the container with it. Undefined when this node is in no swarm. */
  async #attach(target: string, details: ContainerDetails, config: EndpointConfig): Promise<LocalOverlay | undefined> {
    const { client, overlays, engine } = this.#options;
    const names = [details.name, ...(config.Aliases ?? []), details.id.slice(0, 12)];
    const wanted = config.IPAMConfig?.IPv4Address;
    const attachment = await client.attach(target, details.id, wanted ? { names, address: wanted } : { names });
    if (!attachment) return undefined;
    try {
      const overlay = await overlays.waitFor(attachment.networkId);
      const address = hostPart(attachment.address);
      const EndpointConfig = {
        ...config,
        IPAMConfig: { ...config.IPAMConfig, IPv4Address: address },
        MacAddress: macOf(address),
      };
      const path = `/networks/${overlay.engineId}`;
      if (!details.running) {
        // What the engine has noted down for a container that does not run it does not change, but it can forget it.
        await engine({ method: 'POST', path: `${path}/disconnect`, body: { Container: details.id, Force: true } });
      }
      const body = { Container: details.id, EndpointConfig };
      const answer = await engine({ method: 'POST', path: `${path}/connect`, body });
      if (!succeeded(answer)) throw refusalOf(answer.status, answer.body);
      if (!wanted) this.#unasked.add(`${details.id} ${overlay.engineId}`);
      return overlay;
    } catch (error) {
      await client.detach(attachment.networkId, details.id);
      throw error;
    }
  }

  async #detachAll(containerId: string, attached: readonly LocalOverlay[]): Promise<void> {
    for (const { state } of attached) {
      if (!state.spec.Ingress) await this.#options.client.detach(state.id, containerId);
    }
  }

  #overlaysOf({ networks }: ContainerDetails): LocalOverlay[] {
    const ids = new Set(Object.values(networks).map(({ NetworkID }) => NetworkID));
    return this.#options.overlays
      .list()
      .filter(({ engineId, engineName }) => ids.has(engineId) || networks[engineName]?.NetworkID === '');
  }
}
