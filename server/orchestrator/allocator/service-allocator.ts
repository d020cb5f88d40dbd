import type { Endpoint, EndpointVirtualIP, Network, Service } from '../model/objects.ts';
import type { EndpointSpec, NetworkAttachmentConfig, PortConfig } from '../model/specs.ts';
import { isNodeLocal, type NetworkAllocator } from './network-allocator.ts';
import type { PortAllocator } from './port-allocator.ts';
import { PortMatcher } from './port-matcher.ts';

/** What the allocator looks up in the store. */
export interface NetworkLookup {
  network(id: string): Network | undefined;
  ingress(): Network | undefined;
}

/** The networks a service's tasks are to be on; older clients put them beside the task template instead of inside. */
export function networksOf(service: Service): readonly NetworkAttachmentConfig[] {
  const inTemplate = service.Spec.TaskTemplate.Networks ?? [];
  return inTemplate.length > 0 ? inTemplate : (service.Spec.Networks ?? []);
}

/** Whether a service publishes a port through the routing mesh. */
export function needsIngress(spec: EndpointSpec | undefined): boolean {
  return spec?.Mode !== 'dnsrr' && (spec?.Ports ?? []).some((port) => port.PublishMode === 'ingress');
}

/** Virtual IPs and published ports of services. */
export class ServiceAllocator {
  readonly #networks: NetworkAllocator;
  readonly #ports: PortAllocator;
  readonly #lookup: NetworkLookup;
  /** Services that hold at least one virtual IP. */
  readonly #withVips = new Set<string>();

  constructor(networks: NetworkAllocator, ports: PortAllocator, lookup: NetworkLookup) {
    this.#networks = networks;
    this.#ports = ports;
    this.#lookup = lookup;
  }

  /** Takes what the service was given before a restart. */
  restore(service: Service): void {
    this.#ports.restore(service.Endpoint?.Ports ?? []);
    for (const vip of service.Endpoint?.VirtualIPs ?? []) {
      if (vip.Addr !== '') this.#networks.pool(vip.NetworkID)?.reserve(vip.Addr);
      this.#withVips.add(service.ID);
    }
  }

  /** Whether the service has all it needs and nothing that it does not need. What has it is not touched again. */
  isAllocated(service: Service): boolean {
    return this.#vipsFit(service) && portsFit(service);
  }

  /**
   * The endpoint the service is to have: what of the old one still fits, and what is new. Undefined when a port, an address or a
   * network is missing; then nothing has changed.
   */
  allocate(service: Service): Endpoint | undefined {
    const spec = service.Spec.EndpointSpec;
    const ingress = this.#lookup.ingress();
    if (needsIngress(spec) && ingress === undefined) return undefined;
    const before = service.Endpoint;
    const kept = spec === undefined ? [] : (before?.VirtualIPs ?? []);
    const wanted = spec?.Mode === 'dnsrr' ? [] : this.#wantedNetworks(service, kept, ingress);
    const vips = this.#allocateVips(wanted, kept);
    if (vips === undefined) return undefined;
    const ports = this.#ports.allocate(spec?.Ports ?? [], before?.Ports ?? []);
    if (ports === undefined) {
      this.#releaseVips(vips.filter((vip) => !kept.includes(vip)));
      return undefined;
    }
    this.#releaseVips((before?.VirtualIPs ?? []).filter((vip) => !vips.includes(vip)));
    if (vips.length > 0) this.#withVips.add(service.ID);
    else this.#withVips.delete(service.ID);
    return {
      ...(spec === undefined ? {} : { Spec: spec }),
      ...(ports.length > 0 ? { Ports: ports } : {}),
      ...(vips.length > 0 ? { VirtualIPs: vips } : {}),
    };
  }

  /** Frees everything the service has. */
  release(service: Service): void {
    this.#ports.release(service.Endpoint?.Ports ?? []);
    this.#releaseVips(service.Endpoint?.VirtualIPs ?? []);
    this.#withVips.delete(service.ID);
  }

  #wantedNetworks(service: Service, kept: readonly EndpointVirtualIP[], ingress: Network | undefined): string[] {
    const wanted = networksOf(service).map((network) => network.Target);
    if (needsIngress(service.Spec.EndpointSpec) && ingress !== undefined) wanted.unshift(ingress.ID);
    const before = kept.map((vip) => vip.NetworkID).filter((id) => wanted.includes(id));
    return [...new Set([...before, ...wanted])];
  }

  #allocateVips(networkIds: readonly string[], kept: readonly EndpointVirtualIP[]): EndpointVirtualIP[] | undefined {
    const vips: EndpointVirtualIP[] = [];
    for (const networkId of networkIds) {
      const vip = kept.find((other) => other.NetworkID === networkId) ?? this.#newVip(networkId);
      if (vip === undefined) {
        this.#releaseVips(vips.filter((other) => !kept.includes(other)));
        return undefined;
      }
      vips.push(vip);
    }
    return vips;
  }

  #newVip(networkId: string): EndpointVirtualIP | undefined {
    const network = this.#lookup.network(networkId);
    if (network === undefined) return undefined;
    if (isNodeLocal(network)) return { NetworkID: networkId, Addr: '' };
    const address = this.#networks.pool(networkId)?.take();
    return address === undefined ? undefined : { NetworkID: networkId, Addr: address };
  }

  #releaseVips(vips: readonly EndpointVirtualIP[]): void {
    for (const vip of vips) if (vip.Addr !== '') this.#networks.pool(vip.NetworkID)?.release(vip.Addr);
  }

  #vipsFit(service: Service): boolean {
    const spec = service.Spec.EndpointSpec;
    if (spec?.Mode === 'dnsrr') return !this.#withVips.has(service.ID);
    const wanted = networksOf(service).map((network) => network.Target);
    const vips = service.Endpoint?.VirtualIPs ?? [];
    if (wanted.some((id) => !vips.some((vip) => vip.NetworkID === id))) return false;
    const ingress = needsIngress(spec) ? this.#lookup.ingress()?.ID : undefined;
    return vips.every((vip) => vip.NetworkID === ingress || wanted.includes(vip.NetworkID));
  }
}

/** A port of host mode that changes its number is not noticed here, but by `hostPortsFit`. */
function portsFit(service: Service): boolean {
  const wanted = service.Spec.EndpointSpec?.Ports ?? [];
  const had = service.Endpoint?.Ports ?? [];
  if (wanted.length !== had.length) return false;
  const ingress = new PortMatcher(had.filter((port) => port.PublishMode === 'ingress'));
  const host = had.filter((port) => port.PublishMode === 'host');
  const matched = (port: PortConfig) =>
    port.PublishMode === 'host'
      ? host.some((other) => other.TargetPort === port.TargetPort)
      : ingress.claim(port) !== undefined;
  const numberedFirst = [...wanted].sort((a, b) => Number(!a.PublishedPort) - Number(!b.PublishedPort));
  return numberedFirst.every(matched);
}

/** The endpoint with its ports of host mode brought up to date, or undefined when they are. */
export function withHostPorts(service: Service): Endpoint | undefined {
  const isHost = (port: PortConfig) => port.PublishMode === 'host';
  const wanted = (service.Spec.EndpointSpec?.Ports ?? []).filter(isHost);
  const had = (service.Endpoint?.Ports ?? []).filter(isHost);
  const key = (port: PortConfig) => `${port.Name ?? ''}/${port.Protocol}/${port.TargetPort}/${port.PublishedPort ?? 0}`;
  if (wanted.length === had.length && wanted.every((port) => had.some((other) => key(other) === key(port))))
    return undefined;
  const ports = [...(service.Endpoint?.Ports ?? []).filter((port) => !isHost(port)), ...wanted];
  const { VirtualIPs: vips } = service.Endpoint ?? {};
  return {
    ...(service.Spec.EndpointSpec === undefined ? {} : { Spec: service.Spec.EndpointSpec }),
    ...(ports.length > 0 ? { Ports: ports } : {}),
    ...(vips === undefined ? {} : { VirtualIPs: vips }),
  };
}
