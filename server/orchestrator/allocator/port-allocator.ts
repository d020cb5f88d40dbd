import type { PortConfig } from '../model/specs.ts';
import { PortMatcher } from './port-matcher.ts';
import { SerialNumbers } from './serial-numbers.ts';

/** The range from which Swarm publishes ports that nobody named. */
const DYNAMIC_PORTS = { first: 30000, last: 32767 } as const;

class ProtocolPorts {
  readonly #dynamic = new SerialNumbers(DYNAMIC_PORTS.first, DYNAMIC_PORTS.last);
  readonly #others = new Set<number>();

  take(): number | undefined {
    return this.#dynamic.take();
  }

  reserve(port: number): boolean {
    if (this.#dynamic.inRange(port)) return this.#dynamic.reserve(port);
    if (this.#others.has(port)) return false;
    this.#others.add(port);
    return true;
  }

  release(port: number): void {
    if (this.#dynamic.inRange(port)) this.#dynamic.release(port);
    else this.#others.delete(port);
  }
}

/** Ports published in ingress mode, each protocol for itself. Ports of host mode are the nodes' business and only copied. */
export class PortAllocator {
  readonly #protocols: Record<PortConfig['Protocol'], ProtocolPorts> = {
    tcp: new ProtocolPorts(),
    udp: new ProtocolPorts(),
    sctp: new ProtocolPorts(),
  };

  /**
   * Gives the ports a service wants their numbers, freeing those it had. A port without a number keeps the one it was given when
   * there are as many ports as before and one of them has the same name, protocol and target. Undefined (and nothing changed) when a
   * port is taken or none is left.
   */
  allocate(wanted: readonly PortConfig[], had: readonly PortConfig[]): PortConfig[] | undefined {
    const planned = had.length === wanted.length ? keepNumbers(wanted, had) : wanted;
    this.release(had);
    const allocated: PortConfig[] = [];
    for (const port of planned) {
      const number = port.PublishMode === 'ingress' ? this.#take(port) : (port.PublishedPort ?? 0);
      if (number === undefined) {
        this.release(allocated);
        this.restore(had);
        return undefined;
      }
      allocated.push(withNumber(port, number));
    }
    return allocated;
  }

  /** Takes the ports of a service that was allocated before, after a restart. */
  restore(ports: readonly PortConfig[]): void {
    for (const port of ports) {
      if (port.PublishMode === 'ingress' && port.PublishedPort)
        this.#protocols[port.Protocol].reserve(port.PublishedPort);
    }
  }

  release(ports: readonly PortConfig[]): void {
    for (const port of ports) {
      if (port.PublishMode === 'ingress' && port.PublishedPort)
        this.#protocols[port.Protocol].release(port.PublishedPort);
    }
  }

  #take(port: PortConfig): number | undefined {
    const ports = this.#protocols[port.Protocol];
    if (!port.PublishedPort) return ports.take();
    return ports.reserve(port.PublishedPort) ? port.PublishedPort : undefined;
  }
}

/** The port with the number it was given, keys in Docker's order; no number stays absent. */
function withNumber(port: PortConfig, number: number): PortConfig {
  const { Name, Protocol, TargetPort, PublishMode } = port;
  return {
    ...(Name ? { Name } : {}),
    Protocol,
    ...(TargetPort ? { TargetPort } : {}),
    ...(number ? { PublishedPort: number } : {}),
    PublishMode,
  };
}

/** Ports that name their number come first, as they may claim one that another port had been given. */
function keepNumbers(wanted: readonly PortConfig[], had: readonly PortConfig[]): PortConfig[] {
  const left = new PortMatcher(had.filter((port) => port.PublishMode === 'ingress'));
  const dynamic = (port: PortConfig) => port.PublishMode === 'ingress' && !port.PublishedPort;
  const named = wanted.filter((port) => !dynamic(port));
  for (const port of named) if (port.PublishMode === 'ingress') left.claim(port);
  return [...named, ...wanted.filter(dynamic).map((port) => left.claim(port) ?? port)];
}
