import type { ContainerBody } from './container-body.ts';

type Endpoints = NonNullable<NonNullable<ContainerBody['NetworkingConfig']>['EndpointsConfig']>;

/** Networks by the name they were asked for with, and what was asked of each. */
export type WantedNetworks = Map<string, Endpoints[string]>;

/** The networks that a container is made with. */
export function wantedNetworks(body: ContainerBody): WantedNetworks {
  const mode = body.HostConfig?.NetworkMode ?? 'default';
  const asked = body.NetworkingConfig?.EndpointsConfig ?? {};
  const real = (name: string) => (name === 'default' ? 'bridge' : name);
  const wanted: WantedNetworks = new Map(Object.entries(asked).map(([name, settings]) => [real(name), settings]));
  const first = real(mode);
  if (!wanted.has(first) && !first.startsWith('container:')) wanted.set(first, null);
  return wanted;
}
