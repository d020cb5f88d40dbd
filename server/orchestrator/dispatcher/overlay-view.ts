import { taskName } from '../api/task-name.ts';
import type { Network, Node, Service, Task } from '../model/objects.ts';
import type { ReadView } from '../store/store.ts';
import { expandTemplate, TemplateError } from '../template/template.ts';
import { templateContext } from '../template/template-context.ts';
import { takesConnections } from './overlay-tasks.ts';
import type { OverlayEndpoint, OverlayService, OverlayState, PublishedPortState } from './protocol.ts';

/** Characters of a container's short ID. */
const SHORT_ID = 12;

/** An overlay as all its nodes see it; only a node's own address in it differs from node to node. */
export interface OverlayView {
  readonly shared: Omit<OverlayState, 'nodeAddress'>;
  /** Each taking part, with its own address in the overlay. */
  readonly members: ReadonlyMap<string, string>;
  /** Ports of the mesh; only the ingress network has any. */
  readonly published: readonly PublishedPortState[];
}

/** Puts together what the nodes of an overlay have to know; undefined for a network that has no subnet (yet). */
export function viewOverlay(view: ReadView, network: Network, tasks: Iterable<Task>): OverlayView | undefined {
  const { allocation } = network;
  if (allocation === undefined) return undefined;
  const nodes = [...view.nodes.all()].filter((node) => node.networkAddresses[network.ID] !== undefined);
  const present = [...tasks].sort((a, b) => (a.Slot ?? 0) - (b.Slot ?? 0) || (a.ID < b.ID ? -1 : 1));
  const endpoints = present.flatMap((task) => endpointOf(task, network, view.nodes.get(task.NodeID ?? '')) ?? []);
  const active = new Map(
    endpoints.filter((endpoint) => endpoint.active).map((endpoint) => [endpoint.taskId, endpoint]),
  );
  const backends = groupByService(present.filter((task) => active.has(task.ID)));
  const services: OverlayService[] = [];
  const published: PublishedPortState[] = [];
  for (const [serviceId, members] of backends) {
    const service = view.services.get(serviceId);
    if (service === undefined) continue;
    const addresses = members.map((task) => withoutPrefix(active.get(task.ID)?.address ?? ''));
    services.push(serviceOn(network, service, members, addresses));
    if (network.Spec.Ingress) published.push(...publishedPorts(service, addresses));
  }
  return {
    shared: {
      id: network.ID,
      createdAt: network.CreatedAt,
      spec: network.Spec,
      ...allocation,
      peers: nodes.map((node) => ({
        nodeId: node.ID,
        address: node.Status.Addr,
        overlayAddress: node.networkAddresses[network.ID] ?? '',
      })),
      endpoints,
      services,
    },
    members: new Map(nodes.map((node) => [node.ID, node.networkAddresses[network.ID] ?? ''])),
    published: published.sort((a, b) => a.publishedPort - b.publishedPort || (a.protocol < b.protocol ? -1 : 1)),
  };
}

function endpointOf(task: Task, network: Network, node: Node | undefined): OverlayEndpoint | undefined {
  const attachment = task.attachments.find(({ networkId }) => networkId === network.ID);
  const address = attachment?.addresses[0];
  if (attachment === undefined || address === undefined || node === undefined) return undefined;
  const plain = task.Spec.NetworkAttachmentSpec?.ContainerID;
  return {
    taskId: task.ID,
    name: plain === undefined ? taskName(task) : plain.slice(0, SHORT_ID),
    aliases: plain === undefined ? ownNames(task, node) : attachment.aliases,
    serviceId: task.ServiceID,
    address,
    nodeId: node.ID,
    nodeAddress: node.Status.Addr,
    active: takesConnections(task) && node.Status.State !== 'down',
  };
}

/** What a task's container alone is known by: its short ID, and the hostname that its spec gives it. */
function ownNames(task: Task, node: Node): string[] {
  const container = task.Status.ContainerStatus?.ContainerID.slice(0, SHORT_ID) ?? '';
  return [container, hostnameOf(task, node)].filter((name) => name !== '');
}

function hostnameOf(task: Task, node: Node): string {
  const hostname = task.Spec.ContainerSpec?.Hostname ?? '';
  if (!hostname.includes('{{') || node.Description === undefined) return hostname;
  try {
    return expandTemplate(hostname, templateContext(task, { id: node.ID, description: node.Description }));
  } catch (error) {
    // A task with a hostname that cannot be is rejected by its node, in these words.
    if (error instanceof TemplateError) return '';
    throw error;
  }
}

function groupByService(tasks: readonly Task[]): Map<string, Task[]> {
  const groups = new Map<string, Task[]>();
  for (const task of tasks) {
    const group = groups.get(task.ServiceID);
    if (group === undefined) groups.set(task.ServiceID, [task]);
    else group.push(task);
  }
  return groups;
}

function serviceOn(network: Network, service: Service, members: readonly Task[], backends: string[]): OverlayService {
  const vip = service.Endpoint?.VirtualIPs?.find(({ NetworkID }) => NetworkID === network.ID)?.Addr;
  const aliases = new Set<string>();
  for (const { attachments } of members)
    for (const attachment of attachments)
      if (attachment.networkId === network.ID) for (const alias of attachment.aliases) aliases.add(alias);
  return {
    id: service.ID,
    name: service.Spec.Name,
    ...(vip === undefined ? {} : { vip: withoutPrefix(vip) }),
    aliases: [...aliases],
    backends,
  };
}

function publishedPorts(service: Service, backends: string[]): PublishedPortState[] {
  return (service.Endpoint?.Ports ?? []).flatMap((port) => {
    if (port.PublishMode !== 'ingress' || port.PublishedPort === undefined || port.PublishedPort === 0) return [];
    return {
      protocol: port.Protocol,
      publishedPort: port.PublishedPort,
      targetPort: port.TargetPort ?? 0,
      serviceId: service.ID,
      serviceName: service.Spec.Name,
      backends,
    };
  });
}

function withoutPrefix(address: string): string {
  return address.split('/')[0] ?? '';
}
