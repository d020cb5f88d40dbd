import { z } from 'zod';
import { type Engine, EngineError } from '../../engine/engine.ts';
import { hostPart } from '../../gateway/networks/addresses.ts';
import { GATEWAY_BRIDGE } from '../../gateway/networks/gateway-bridge.ts';
import { GATEWAY_BRIDGE_LABEL, OVERLAY_LABEL } from '../../gateway/networks/network-labels.ts';
import type { OverlayState } from '../../orchestrator/dispatcher/protocol.ts';
import { TASK_ID_LABEL, taskOfContainer } from '../tasks/container-name.ts';
import { bridgeName } from './device-names.ts';
import { OVERLAY_MTU } from './overlay-devices.ts';

export interface EngineNetwork {
  id: string;
  name: string;
  gateway: string;
}

const listedNetwork = z.object({
  Id: z.string(),
  Name: z.string(),
  Labels: z.record(z.string(), z.string()).nullish(),
  IPAM: z.object({ Config: z.array(z.object({ Gateway: z.string().optional() })).nullish() }),
});

/** The node's engine, where overlays are concerned. */
export class EngineNetworks {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** The bridge networks that stand for overlays, by the overlay's ID. */
  async overlays(): Promise<Map<string, EngineNetwork>> {
    const networks = z.array(listedNetwork).parse(await this.#engine.listNetworks());
    return new Map(
      networks.flatMap(({ Id, Name, Labels, IPAM }): [string, EngineNetwork][] => {
        const overlayId = Labels?.[OVERLAY_LABEL];
        return overlayId ? [[overlayId, { id: Id, name: Name, gateway: IPAM.Config?.[0]?.Gateway ?? '' }]] : [];
      }),
    );
  }

  /**
   * Makes the bridge network of an overlay. It has the overlay's own name, unless the node has a network of that name that is no
   * overlay's; rejects while another overlay's is about to go.
   */
  async create(overlay: OverlayState): Promise<EngineNetwork> {
    const name = engineNameOf(overlay);
    try {
      return await this.#create(name, overlay);
    } catch (error) {
      if (!(error instanceof EngineError && error.status === 409)) throw error;
      if ([...(await this.overlays()).values()].some((other) => other.name === name)) throw error;
      return this.#create(`${name}.${overlay.id}`, overlay);
    }
  }

  async #create(name: string, overlay: OverlayState): Promise<EngineNetwork> {
    const gateway = hostPart(overlay.nodeAddress);
    const { Id } = await this.#engine.createNetwork({
      Name: name,
      Driver: 'bridge',
      CheckDuplicate: true,
      Attachable: overlay.spec.Attachable,
      IPAM: { Driver: 'default', Config: [{ Subnet: overlay.subnet, Gateway: gateway }] },
      Options: {
        'com.docker.network.bridge.name': bridgeName(overlay.id),
        'com.docker.network.driver.mtu': String(OVERLAY_MTU),
      },
      Labels: { [OVERLAY_LABEL]: overlay.id },
    });
    return { id: Id, name, gateway };
  }

  /** Whether the network is gone now; it stays while containers are on it. */
  async remove(id: string): Promise<boolean> {
    try {
      await this.#engine.removeNetwork(id);
      return true;
    } catch (error) {
      if (error instanceof EngineError && error.status === 404) return true;
      if (error instanceof EngineError && error.status === 403) return false;
      throw error;
    }
  }

  /** Takes every container off a network, by force. */
  async disconnectAll(id: string): Promise<void> {
    const { Containers } = z
      .object({ Containers: z.record(z.string(), z.unknown()).nullish() })
      .parse(await this.#engine.inspectNetwork(id));
    for (const Container of Object.keys(Containers ?? {})) {
      await this.#engine.disconnectNetwork(id, { Container, Force: true }).catch((error: unknown) => {
        if (!(error instanceof EngineError)) throw error;
      });
    }
  }

  /**
   * Makes docker_gwbridge, if it is not there. Swarm forbids its containers to talk to each other; here it has none, and forbidding it
   * would make the engine look into every bridge's frames.
   */
  async ensureGatewayBridge(): Promise<void> {
    try {
      await this.#engine.createNetwork({
        Name: GATEWAY_BRIDGE,
        Driver: 'bridge',
        CheckDuplicate: true,
        Options: {
          'com.docker.network.bridge.enable_ip_masquerade': 'true',
          'com.docker.network.bridge.name': GATEWAY_BRIDGE,
        },
        Labels: { [GATEWAY_BRIDGE_LABEL]: '' },
      });
    } catch (error) {
      if (!(error instanceof EngineError && error.status === 409)) throw error;
    }
  }

  /** IDs of the tasks whose containers run. */
  async runningTasks(): Promise<Set<string>> {
    const containers = await this.#engine.listContainers({ all: false, labels: [TASK_ID_LABEL] });
    return new Set(containers.flatMap((container) => taskOfContainer(container) ?? []));
  }

  /** The IDs of the engine's networks of the container that has this address on any of them. */
  async networksOfAddress(address: string): Promise<string[]> {
    for (const container of await this.#engine.listContainers({ all: false })) {
      const networks = Object.values(container.NetworkSettings?.Networks ?? {});
      if (networks.some(({ IPAddress }) => IPAddress === address)) return networks.map(({ NetworkID }) => NetworkID);
    }
    return [];
  }
}

/**
 * The engine sends a container's traffic to the outside by the first of its networks in the order of their names. An internal overlay,
 * which leads nowhere, therefore gets a name that comes late; an attachable one keeps its own, by which `docker run` asks for it.
 */
export function engineNameOf({ spec }: OverlayState): string {
  return spec.Internal && !spec.Attachable ? `zz-internal.${spec.Name}` : spec.Name;
}
