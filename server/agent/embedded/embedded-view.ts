import type { NodeView } from '../../engine/simulator/cluster-wire.ts';
import type { SimulatedNetwork } from '../../engine/simulator/networks.ts';
import { OVERLAY_LABEL } from '../../gateway/networks/network-labels.ts';
import type { NodeNetworkState } from '../../orchestrator/dispatcher/protocol.ts';
import { type OverlayNames, overlayNames, resolveName } from '../network/dns/overlay-names.ts';

/**
 * An embedded node's names, virtual IPs and published ports: what on a Docker-in-Docker node are DNS answers and rules of the kernel
 * is looked up here by the simulated programs. Connections go round the backends in turn.
 */
export class EmbeddedView implements NodeView {
  /** Called when the node's published ports may have changed. */
  onChange: () => void = () => {};
  #state: NodeNetworkState | undefined;
  #withheld: ReadonlySet<string> = new Set();
  #names = new Map<string, OverlayNames>();
  readonly #turns = new Map<string, number>();

  /** Names; the addresses that are withheld belong to tasks about to stop. */
  update(state: NodeNetworkState | undefined, withheld: ReadonlySet<string>): void {
    const overlays = (state?.overlays ?? []).filter((overlay) => !overlay.spec.Ingress);
    this.#names = new Map(overlays.map((overlay) => [overlay.id, overlayNames(overlay, withheld)]));
  }

  /** Virtual IPs and published ports. */
  async apply(state: NodeNetworkState, withheld: ReadonlySet<string>): Promise<void> {
    this.#state = state;
    this.#withheld = withheld;
    this.onChange();
  }

  async remove(): Promise<void> {
    this.#state = undefined;
    this.onChange();
  }

  resolve(name: string, networks: readonly SimulatedNetwork[]): string[] | undefined {
    const names = networks.flatMap((network) => this.#names.get(network.labels[OVERLAY_LABEL] ?? '') ?? []);
    return names.length === 0 ? undefined : resolveName(names, name)?.slice();
  }

  balance(
    address: string,
    port: number,
    networks: readonly SimulatedNetwork[],
  ): { address: string; port: number } | undefined {
    const ids = new Set(networks.map((network) => network.labels[OVERLAY_LABEL]));
    for (const overlay of this.#state?.overlays ?? []) {
      const service = ids.has(overlay.id) ? overlay.services.find(({ vip }) => vip === address) : undefined;
      if (service === undefined) continue;
      const backend = this.#next(`${overlay.id}/${service.id}`, service.backends);
      return backend === undefined ? undefined : { address: backend, port };
    }
    return undefined;
  }

  mesh(port: number): { address: string; port: number; from: string } | undefined {
    const published = this.#state?.published.find((one) => one.protocol === 'tcp' && one.publishedPort === port);
    const backend = published === undefined ? undefined : this.#next(`port/${port}`, published.backends);
    // As the kernel's rules have it elsewhere: what is handed on comes from the node's own end of the ingress network.
    const ingress = this.#state?.overlays.find(({ spec }) => spec.Ingress);
    const from = ingress?.nodeAddress.split('/')[0] ?? '';
    return published === undefined || backend === undefined
      ? undefined
      : { address: backend, port: published.targetPort, from };
  }

  /** TCP ports that the node answers at now. */
  openPorts(): number[] {
    const published = this.#state?.published ?? [];
    return published
      .filter(
        ({ protocol, backends }) => protocol === 'tcp' && backends.some((address) => !this.#withheld.has(address)),
      )
      .map(({ publishedPort }) => publishedPort);
  }

  #next(key: string, backends: readonly string[]): string | undefined {
    const usable = backends.filter((address) => !this.#withheld.has(address));
    const turn = this.#turns.get(key) ?? 0;
    this.#turns.set(key, turn + 1);
    return usable[turn % usable.length];
  }
}
