import type { KnownNetwork, NetworkDirectory } from './network-directory.ts';

/**
 * The body of POST /containers/create with overlays named as the engine names their bridges, for it has never heard of an overlay's ID.
 * A network that is not in place yet keeps the name it will have.
 */
export async function withEngineNames(
  body: Record<string, unknown>,
  directory: NetworkDirectory,
): Promise<Record<string, unknown>> {
  const hostConfig = asObject(body.HostConfig);
  const networking = asObject(body.NetworkingConfig);
  const endpoints = asObject(networking?.EndpointsConfig);
  const mode = typeof hostConfig?.NetworkMode === 'string' ? hostConfig.NetworkMode : '';
  const terms = new Set([mode, ...Object.keys(endpoints ?? {})].filter(isUserDefined));
  if (terms.size === 0) return body;
  const known = await directory.all();
  const named = (term: string) => engineNameOf(term, known);
  return {
    ...body,
    ...(hostConfig && { HostConfig: { ...hostConfig, ...(terms.has(mode) && { NetworkMode: named(mode) }) } }),
    ...(networking &&
      endpoints && {
        NetworkingConfig: {
          ...networking,
          EndpointsConfig: Object.fromEntries(Object.entries(endpoints).map(([term, one]) => [named(term), one])),
        },
      }),
  };
}

function isUserDefined(mode: string): boolean {
  return !['', 'default', 'bridge', 'host', 'none'].includes(mode) && !mode.startsWith('container:');
}

function engineNameOf(term: string, known: readonly KnownNetwork[]): string {
  const network =
    known.find(({ id }) => id === term) ??
    known.find(({ name }) => name === term) ??
    known.find(({ id }) => id.startsWith(term));
  if (network?.kind === 'overlay') return network.overlay.engineName;
  return network?.kind === 'stored' ? network.name : term;
}

function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}
