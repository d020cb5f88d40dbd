import type Docker from 'dockerode';
import type { ClusterRecord, NodeRecord } from '../cluster-record.ts';
import { CLUSTER_LABEL, NODE_LABEL, OWNER_LABELS, STATE_LABEL } from '../labels.ts';
import { OFFLINE_NAMES, REGISTRY_NODE } from '../node-plan.ts';
import type { ClusterFolder } from '../state-folder.ts';
import { stateFolder } from '../state-folder.ts';
import type { PrivilegeConfig } from './privileges.ts';

/** What a node may print before the engine outside throws the oldest away. */
const LOG_LIMIT = { Type: 'json-file', Config: { 'max-size': '5m', 'max-file': '2' } };
/** Seconds that a node has to end its engine and that one's containers. */
const STOP_TIMEOUT = 20;

/** What the container of a node is called on the outer engine; `cluster up --json` promises this name. */
export function containerName(cluster: string, node: string): string {
  return `swarmlab-${cluster}-${node}`;
}

/** What the network between the nodes of a cluster is called on the outer engine. */
export function networkName(cluster: string): string {
  return `swarmlab-${cluster}`;
}

/** Labels by which a cluster's containers, networks and volumes are found again: whose they are, and of which state folder. */
export function clusterLabels(cluster: string): Record<string, string> {
  return { ...OWNER_LABELS, [CLUSTER_LABEL]: cluster, [STATE_LABEL]: stateFolder() };
}

/** The body of POST /containers/create for a node. */
export function nodeContainer(
  record: ClusterRecord,
  node: NodeRecord,
  options: { image: string; folder: ClusterFolder; privilege: PrivilegeConfig },
): Docker.ContainerCreateOptions {
  const labels = { ...clusterLabels(record.name), [NODE_LABEL]: node.name };
  return {
    name: node.container,
    Image: options.image,
    Hostname: node.hostname,
    Labels: labels,
    StopTimeout: STOP_TIMEOUT,
    HostConfig: {
      ...options.privilege,
      Binds: [
        `${options.folder.node(node.name).path}:/run/swarmlab`,
        `${options.folder.hostFolder}:/run/swarmlab-host`,
      ],
      Mounts: [
        {
          Type: 'volume',
          Source: node.container,
          Target: '/var/lib/docker',
          VolumeOptions: volumeOptions(labels, record.imagesOn.includes(node.name) || servesRegistry(record, node)),
        },
      ],
      ExtraHosts: extraHosts(record),
      NetworkMode: networkName(record.name),
      LogConfig: LOG_LIMIT,
    },
    NetworkingConfig: { EndpointsConfig: { [networkName(record.name)]: nodeEndpoint(node) } },
  };
}

/** Whether this node serves the cluster's registry; it needs the images to fill it with. */
export function servesRegistry(record: ClusterRecord, node: NodeRecord): boolean {
  return record.registry && node.name === REGISTRY_NODE;
}

/** How a node is connected to the cluster's network; the same again after it was cut off. */
export function nodeEndpoint(node: NodeRecord): { IPAMConfig: { IPv4Address: string }; Aliases: string[] } {
  return { IPAMConfig: { IPv4Address: node.address }, Aliases: [node.name, node.hostname] };
}

/** The lab's images come with a volume that is filled from the node image; without them it stays empty. */
function volumeOptions(labels: Record<string, string>, withImages: boolean): Docker.MountSettings['VolumeOptions'] {
  return { NoCopy: !withImages, Labels: labels, DriverConfig: { Name: 'local', Options: {} }, Subpath: '' };
}

/** Names that resolve without any name server: the nodes, and what the exercises ask for of the world outside. */
export function clusterNames(record: ClusterRecord): Record<string, string> {
  const names: Record<string, string> = {};
  for (const node of record.nodes) {
    names[node.hostname] = node.address;
    names[node.name] = node.address;
  }
  for (const [name, answering] of Object.entries(OFFLINE_NAMES)) {
    const node = record.nodes.find((each) => each.name === answering) ?? record.nodes[0];
    if (node) names[name] = node.address;
  }
  return names;
}

function extraHosts(record: ClusterRecord): string[] {
  return Object.entries(clusterNames(record)).map(([name, address]) => `${name}:${address}`);
}
