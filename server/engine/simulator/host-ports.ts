import { type ContainerInspect, EngineError } from '../engine.ts';
import type { SimulatedContainer } from './container.ts';

/** Where the engine begins to look for a port when it may choose. */
const FIRST_EPHEMERAL = 32_768;

/** The node's ports that a container asked for, as `docker ps` shows them; throws in the engine's words when one is taken. */
export function publishPorts(
  container: SimulatedContainer,
  others: readonly SimulatedContainer[],
): ContainerInspect['NetworkSettings']['Ports'] {
  const taken = new Set(others.flatMap((other) => (other === container ? [] : portsOf(other))));
  const published: NonNullable<ContainerInspect['NetworkSettings']['Ports']> = {};
  for (const key of Object.keys(container.image.config.ExposedPorts ?? {})) published[key] = null;
  for (const [key, bindings] of Object.entries(container.body.HostConfig?.PortBindings ?? {})) {
    const protocol = key.split('/')[1] ?? 'tcp';
    published[key] = (bindings ?? []).map(({ HostIp, HostPort }) => {
      const wanted = Number(HostPort || 0);
      const port = wanted === 0 ? firstFree(taken, protocol) : wanted;
      if (taken.has(`${port}/${protocol}`)) {
        throw new EngineError(
          500,
          `driver failed programming external connectivity on endpoint ${container.name} (${container.id}): Bind for 0.0.0.0:${port} failed: port is already allocated`,
        );
      }
      taken.add(`${port}/${protocol}`);
      return { HostIp: HostIp || '0.0.0.0', HostPort: String(port) };
    });
  }
  return published;
}

/** `8080/tcp`: the node's ports that a container holds. */
export function portsOf(container: SimulatedContainer): string[] {
  return Object.entries(container.ports ?? {}).flatMap(([key, bindings]) =>
    (bindings ?? []).map(({ HostPort }) => `${HostPort}/${key.split('/')[1] ?? 'tcp'}`),
  );
}

function firstFree(taken: ReadonlySet<string>, protocol: string): number {
  for (let port = FIRST_EPHEMERAL; ; port++) if (!taken.has(`${port}/${protocol}`)) return port;
}
