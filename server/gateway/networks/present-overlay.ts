import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { PublishedPortState } from '../../orchestrator/dispatcher/protocol.ts';
import { hostPart, macOf } from './addresses.ts';
import type { LocalOverlay } from './local-overlays.ts';

/** A network as GET /networks/ID shows it; keys in Docker's order. */
export type NetworkJson = Record<string, unknown>;

const member = z.looseObject({
  Name: z.string(),
  EndpointID: z.string(),
  MacAddress: z.string(),
  IPv4Address: z.string(),
});

const carrying = z.looseObject({ Created: z.string(), Containers: z.record(z.string(), member).nullish() });

/** The key under which a network's own endpoint stands among its containers. */
function endpointKey({ state }: LocalOverlay): string {
  return state.spec.Ingress ? 'ingress-sbox' : `lb-${state.spec.Name}`;
}

/**
 * A local instance of an overlay as the engine of a Swarm shows it, made of what the manager says and the bridge network that carries
 * it. A list has no containers in it, and `verbose` adds the services.
 */
export function presentOverlay(
  overlay: LocalOverlay,
  bridge: unknown,
  options: { listed: boolean; verbose: boolean; published: readonly PublishedPortState[] },
): NetworkJson {
  const { state } = overlay;
  const { spec } = state;
  const { Created, Containers } = carrying.parse(bridge);
  return {
    Name: spec.Name,
    Id: state.id,
    Created,
    Scope: 'swarm',
    Driver: spec.Driver,
    EnableIPv6: spec.EnableIPv6 ?? false,
    IPAM: {
      Driver: spec.IPAM?.Driver || 'default',
      Options: spec.IPAM?.Options ?? null,
      Config: [state, ...(state.more ?? [])].map(({ subnet, gateway }, index) => {
        const range = spec.IPAM?.Config?.[index]?.IPRange;
        return { Subnet: subnet, ...(range && { IPRange: range }), Gateway: gateway };
      }),
    },
    Internal: spec.Internal,
    Attachable: spec.Attachable,
    Ingress: spec.Ingress,
    ConfigFrom: { Network: '' },
    ConfigOnly: false,
    Containers: options.listed ? {} : containers(overlay, Containers ?? {}),
    Options: { ...spec.Options, 'com.docker.network.driver.overlay.vxlanid_list': String(state.vni) },
    Labels: spec.Labels,
    Peers: state.peers.map(({ nodeId, address }) => ({ Name: hexId(nodeId).slice(0, 12), IP: address })),
    ...(options.verbose && noneIfEmpty('Services', services(overlay, options.published))),
  };
}

function noneIfEmpty(key: string, map: Record<string, unknown>): Record<string, unknown> {
  return Object.keys(map).length > 0 ? { [key]: map } : {};
}

function containers(overlay: LocalOverlay, members: Record<string, z.infer<typeof member>>): Record<string, unknown> {
  const { state } = overlay;
  const shown = Object.entries(members).map(([id, { Name, EndpointID, MacAddress, IPv4Address }]) => [
    id,
    { Name, EndpointID, MacAddress, IPv4Address, IPv6Address: '' },
  ]);
  const own = {
    Name: `${state.spec.Name}-endpoint`,
    EndpointID: hexId(`${state.id} ${state.nodeAddress}`),
    MacAddress: macOf(state.nodeAddress),
    IPv4Address: state.nodeAddress,
    IPv6Address: '',
  };
  // Go's maps come sorted by key.
  return Object.fromEntries(
    [...shown, [endpointKey(overlay), own]].sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
  );
}

/** libnetwork's firewall marks begin here, one for each service of a network. */
const FIRST_LB_INDEX = 256;

function services({ state }: LocalOverlay, published: readonly PublishedPortState[]): Record<string, unknown> {
  const active = state.endpoints.filter((endpoint) => endpoint.active && endpoint.serviceId !== '');
  return Object.fromEntries(
    state.services
      .filter(({ backends }) => backends.length > 0)
      .map(({ id, name, vip }, index) => [
        name,
        {
          VIP: vip ?? '<nil>',
          Ports: state.spec.Ingress ? published.filter((port) => port.serviceId === id).map(portText) : [],
          LocalLBIndex: FIRST_LB_INDEX + index,
          Tasks: active
            .filter(({ serviceId }) => serviceId === id)
            .map((task) => ({
              Name: task.name,
              EndpointID: hexId(`${state.id} ${task.taskId}`),
              EndpointIP: hostPart(task.address),
              Info: { 'Host IP': task.nodeAddress },
            })),
        },
      ]),
  );
}

function portText({ targetPort, publishedPort }: PublishedPortState): string {
  return `Target: ${targetPort}, Publish: ${publishedPort}`;
}

/** A stable ID of 64 hexadecimal digits for something that has none of its own here. */
export function hexId(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
