import { constraintsOf, nodeMatches } from '../constraints/constraint.ts';
import type { Node, Task } from '../model/objects.ts';
import { hostPorts, type NodeInfo, reservationsOf } from './node-info.ts';

/** Whether a node can take the task that the check was made for. */
export type NodeCheck = (info: NodeInfo) => boolean;

/** One reason why a node may not take a task. */
export interface Filter {
  /** The check for a task, or undefined when the filter has nothing to say about such a task. */
  check(task: Task, drivers: NetworkDrivers): NodeCheck | undefined;
  /** What Swarm says when that many nodes were refused. */
  explain(nodes: number): string;
}

/** Gives the driver of a network, if the network is there. */
export type NetworkDrivers = (networkId: string) => string | undefined;

function counted(singular: string, plural: string): (nodes: number) => string {
  return (nodes) => (nodes === 1 ? singular : plural.replace('#', String(nodes)));
}

const ready: Filter = {
  check: () => (info) => info.isReady,
  explain: counted('1 node not available for new tasks', '# nodes not available for new tasks'),
};

const resources: Filter = {
  check: (task) => {
    if (task.Spec.Resources === undefined) return undefined;
    const { cpu, memory, generic } = reservationsOf(task.Spec);
    if (cpu === 0 && memory === 0 && generic.length === 0) return undefined;
    return (info) => cpu <= info.freeCpu() && memory <= info.freeMemory() && info.generic.covers(generic);
  },
  explain: counted('insufficient resources on 1 node', 'insufficient resources on # nodes'),
};

const plugins: Filter = {
  check: (task, drivers) => {
    const volumes = (task.Spec.ContainerSpec?.Mounts ?? []).flatMap((mount) => {
      const driver = mount.Type === 'volume' ? (mount.VolumeOptions?.DriverConfig?.Name ?? '') : '';
      return driver === '' || driver === 'local' ? [] : [driver];
    });
    const networks = task.attachments.flatMap((attachment) => drivers(attachment.networkId) ?? []);
    const log = task.Spec.LogDriver?.Name ?? '';
    const checksLog = log !== '' && log !== 'none';
    if (volumes.length === 0 && networks.length === 0 && !checksLog) return undefined;
    return ({ node }) =>
      volumes.every((driver) => hasPlugin(node, 'Volume', driver)) &&
      networks.every((driver) => hasPlugin(node, 'Network', driver)) &&
      (!checksLog || !listsPlugins(node, 'Log') || hasPlugin(node, 'Log', log));
  },
  explain: counted('missing plugin on 1 node', 'missing plugin on # nodes'),
};

function listsPlugins(node: Node, type: string): boolean {
  return node.Description?.Engine.Plugins.some((plugin) => plugin.Type === type) ?? false;
}

function hasPlugin(node: Node, type: string, name: string): boolean {
  return (
    node.Description?.Engine.Plugins.some(
      (plugin) => plugin.Type === type && (plugin.Name === name || plugin.Name === `${name}:latest`),
    ) ?? false
  );
}

const constraints: Filter = {
  check: (task) => {
    const wanted = constraintsOf(task.Spec.Placement);
    return wanted.length === 0 ? undefined : ({ node }) => nodeMatches(wanted, node);
  },
  explain: counted('scheduling constraints not satisfied on 1 node', 'scheduling constraints not satisfied on # nodes'),
};

const SAME_ARCHITECTURE: Readonly<Record<string, string>> = { x86_64: 'amd64', aarch64: 'arm64' };

const platforms: Filter = {
  check: (task) => {
    const wanted = task.Spec.Placement?.Platforms ?? [];
    if (wanted.length === 0) return undefined;
    return ({ node }) => {
      const actual = node.Description?.Platform;
      if (actual === undefined) return false;
      return wanted.some(
        ({ Architecture, OS }) =>
          (!Architecture || canonical(Architecture) === canonical(actual.Architecture)) && (!OS || OS === actual.OS),
      );
    };
  },
  explain: counted('unsupported platform on 1 node', 'unsupported platform on # nodes'),
};

function canonical(architecture: string): string {
  return SAME_ARCHITECTURE[architecture] ?? architecture;
}

const ports: Filter = {
  check: (task) => {
    const wanted = hostPorts(task);
    return wanted.length === 0 ? undefined : (info) => !wanted.some((port) => info.usesPort(port));
  },
  explain: counted('host-mode port already in use on 1 node', 'host-mode port already in use on # nodes'),
};

const replicas: Filter = {
  check: (task) => {
    const limit = task.Spec.Placement?.MaxReplicas ?? 0;
    return limit === 0 ? undefined : (info) => info.serviceTasks(task.ServiceID) < limit;
  },
  explain: () => 'max replicas per node limit exceed',
};

const clusterVolumes: Filter = {
  check: (task) =>
    task.Spec.ContainerSpec?.Mounts?.some((mount) => mount.Type === 'cluster') ? () => false : undefined,
  explain: counted(
    'cannot fulfill requested CSI volume mounts on 1 node',
    'cannot fulfill requested CSI volume mounts on # nodes',
  ),
};

/** All filters, in the order in which Swarm asks them: the first one that refuses a node gets the blame. */
export const FILTERS: readonly Filter[] = [
  ready,
  resources,
  plugins,
  constraints,
  platforms,
  ports,
  replicas,
  clusterVolumes,
];
