import type { NodeNetworkState, OverlayState } from '../../../server/orchestrator/dispatcher/protocol.ts';
import type { NetworkSpec } from '../../../server/orchestrator/model/specs.ts';

/** Three nodes and their addresses on the underlay, as the tests here use them. */
export const ADDRESSES = { a: '10.10.10.100', b: '10.10.10.110', c: '10.10.10.120' } as const;
export type NodeName = keyof typeof ADDRESSES;

export interface TestTask {
  id: string;
  node: NodeName;
  /** Overlay name to the task's address there. */
  on: Record<string, string>;
  service?: string;
  active?: boolean;
  aliases?: string[];
}

export interface TestOverlay {
  name: string;
  /** The first three bytes of its addresses. */
  prefix: string;
  vni: number;
  spec?: Partial<NetworkSpec>;
  /** Node to the last byte of its own address. */
  nodes: Partial<Record<NodeName, number>>;
  /** Service name to its VIP; undefined for dnsrr. */
  services?: Record<string, { vip?: string; aliases?: string[] }>;
}

export function overlayId(name: string): string {
  return name.padEnd(25, '0');
}

/** An overlay as node `me` is told of it. */
export function overlayState(me: NodeName, overlay: TestOverlay, tasks: TestTask[] = []): OverlayState {
  const { name, prefix, vni, nodes } = overlay;
  const members = tasks.filter(({ on }) => on[name] !== undefined);
  const addressOf = ({ on }: TestTask) => on[name] ?? '';
  const own = nodes[me];
  return {
    id: overlayId(name),
    createdAt: '2026-01-01T00:00:00.000000000Z',
    spec: {
      ...{ Name: name, Labels: {}, Driver: 'overlay', Internal: false, Attachable: false, Ingress: false },
      ...overlay.spec,
    },
    subnet: `${prefix}.0/24`,
    gateway: `${prefix}.1`,
    vni,
    nodeAddress: own === undefined ? '' : `${prefix}.${own}/24`,
    peers: Object.entries(nodes).map(([node, last]) => ({
      nodeId: `node-${node}`,
      address: ADDRESSES[node as NodeName],
      overlayAddress: `${prefix}.${last}/24`,
    })),
    endpoints: members.map((task) => ({
      taskId: task.id,
      name: task.service ? `${task.service}.1.${task.id}` : task.id,
      aliases: task.aliases ?? [],
      serviceId: task.service ? `service-${task.service}` : '',
      address: `${addressOf(task)}/24`,
      nodeId: `node-${task.node}`,
      nodeAddress: ADDRESSES[task.node],
      active: task.active ?? true,
    })),
    services: Object.entries(overlay.services ?? {}).map(([service, { vip, aliases = [] }]) => ({
      id: `service-${service}`,
      name: service,
      ...(vip !== undefined && { vip }),
      aliases,
      backends: members.filter((task) => task.service === service && task.active !== false).map(addressOf),
    })),
  };
}

export function networkState(
  me: NodeName,
  overlays: TestOverlay[],
  tasks: TestTask[] = [],
  published: NodeNetworkState['published'] = [],
): NodeNetworkState {
  const states = overlays.map((overlay) => overlayState(me, overlay, tasks));
  return { nodeId: `node-${me}`, overlays: states, nodeLocal: [], published };
}

export const INGRESS: TestOverlay = {
  name: 'ingress',
  prefix: '10.0.0',
  vni: 4096,
  spec: { Ingress: true },
  nodes: { a: 2, b: 3, c: 4 },
};
