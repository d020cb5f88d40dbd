import { hostPart } from '../../../gateway/networks/addresses.ts';
import { containsAddress, parseAddress, parseSubnet, type Subnet } from '../../../orchestrator/allocator/ipv4.ts';
import type { NodeNetworkState, OverlayState } from '../../../orchestrator/dispatcher/protocol.ts';
import type { DnsQuery, DnsReply } from './message.ts';
import { type OverlayNames, overlayNames } from './overlay-names.ts';
import { answerQuery, type Zone } from './resolver.ts';

/**
 * Which overlays a container of this node is on that is no task (`docker run --network`), by any one of its addresses: IDs of
 * networks, or none when it is on none or unknown.
 */
export type ContainerOverlays = (address: string) => Promise<readonly string[]>;

/** Answers names as the asking container may see them: those of the overlays that it is on itself, and the zone. */
export class NameService {
  readonly #zone: Zone;
  readonly #containerOverlays: ContainerOverlays;
  #names = new Map<string, OverlayNames>();
  /** Address of a task on any overlay to the networks it takes part in. */
  #taskOverlays = new Map<string, readonly string[]>();
  #subnets: { id: string; subnet: Subnet }[] = [];

  constructor(zone: Zone, containerOverlays: ContainerOverlays) {
    this.#zone = zone;
    this.#containerOverlays = containerOverlays;
  }

  /** Takes the cluster's present networks; `withheld` are addresses of tasks that are about to stop. */
  update(state: NodeNetworkState | undefined, withheld: ReadonlySet<string>): void {
    // The ingress network carries published ports and no names.
    const overlays = (state?.overlays ?? []).filter((overlay) => !overlay.spec.Ingress);
    this.#names = new Map(overlays.map((overlay) => [overlay.id, overlayNames(overlay, withheld)]));
    this.#taskOverlays = taskOverlays(state?.overlays ?? []);
    this.#subnets = overlays.flatMap(({ id, subnet: text }) => {
      const subnet = parseSubnet(text);
      return subnet === undefined ? [] : [{ id, subnet }];
    });
  }

  /** The reply to a query from `source`, or undefined when the name is not the cluster's. */
  async answer(query: DnsQuery, source: string): Promise<DnsReply | undefined> {
    return answerQuery(query, await this.#networksOf(source), this.#zone);
  }

  async #networksOf(source: string): Promise<OverlayNames[]> {
    if (this.#names.size === 0) return [];
    const known = this.#taskOverlays.get(source) ?? (await this.#containerOverlays(source));
    // The engine does not list a container before it has started, but its first program may ask for a name at once.
    const ids = known.length > 0 ? known : this.#overlayAround(source);
    return ids.flatMap((id) => this.#names.get(id) ?? []);
  }

  #overlayAround(source: string): string[] {
    const address = parseAddress(source);
    if (address === undefined) return [];
    return this.#subnets.filter(({ subnet }) => containsAddress(subnet, address)).map(({ id }) => id);
  }
}

/** A task's networks in the order in which the manager lists them; a plain container has one attachment for each of its own. */
function taskOverlays(overlays: readonly OverlayState[]): Map<string, readonly string[]> {
  const byTask = new Map<string, { networks: string[]; addresses: string[] }>();
  for (const overlay of overlays) {
    for (const endpoint of overlay.endpoints) {
      if (endpoint.serviceId === '') continue;
      const task = byTask.get(endpoint.taskId) ?? { networks: [], addresses: [] };
      task.networks.push(overlay.id);
      task.addresses.push(hostPart(endpoint.address));
      byTask.set(endpoint.taskId, task);
    }
  }
  return new Map([...byTask.values()].flatMap(({ networks, addresses }) => addresses.map((one) => [one, networks])));
}
