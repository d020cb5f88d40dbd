import type { Service, SwarmNode, Task } from '../../grading/engine-objects.ts';
import type { ClusterView, NodeView, ServiceView, TaskView } from '../view/cluster-view.ts';

/** One look at a swarm: what a manager's Engine API gave. */
export interface Look {
  nodes: SwarmNode[];
  services: Service[];
  tasks: Task[];
}

/** Turns one look into what the page shows. Tasks without a service (of attachable networks) are left out. */
export function observe(look: Look): Pick<ClusterView, 'nodes' | 'services' | 'tasks'> {
  const nodes = look.nodes.map(observeNode).sort(byHostname);
  const services = look.services.map((service) => observeService(service, look));
  const names = new Map(services.map((service) => [service.id, service]));
  const hostnames = new Map(nodes.map((node) => [node.id, node.hostname]));
  const tasks = look.tasks.flatMap((task) => {
    const service = names.get(task.ServiceID);
    return service === undefined ? [] : [observeTask(task, service, hostnames)];
  });
  return {
    nodes,
    services: services.sort((a, b) => a.name.localeCompare(b.name)),
    tasks: tasks.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }) || a.id.localeCompare(b.id)),
  };
}

function observeNode(node: SwarmNode): NodeView {
  return {
    id: node.ID,
    hostname: node.Description?.Hostname ?? '',
    role: node.Spec.Role === 'manager' ? 'manager' : 'worker',
    leader: node.ManagerStatus?.Leader ?? false,
    state: node.Status.State,
    availability: node.Spec.Availability,
    address: node.Status.Addr,
  };
}

function observeService(service: Service, look: Look): ServiceView {
  const { Mode: mode } = service.Spec;
  const tasks = look.tasks.filter((task) => task.ServiceID === service.ID);
  const up = new Set(look.nodes.filter((node) => node.Status.State !== 'down').map((node) => node.ID));
  const running = tasks.filter((task) => task.Status.State === 'running' && up.has(task.NodeID));
  const meant = tasks.filter((task) => task.DesiredState === 'running' || task.DesiredState === 'complete');
  const state = service.UpdateStatus?.State;
  return {
    id: service.ID,
    name: service.Spec.Name,
    mode: mode.Global ? 'global' : mode.ReplicatedJob ? 'replicated-job' : mode.GlobalJob ? 'global-job' : 'replicated',
    image: imageName(service.Spec.TaskTemplate.ContainerSpec?.Image),
    wanted: mode.Replicated?.Replicas ?? mode.ReplicatedJob?.TotalCompletions ?? meant.length,
    running: running.length,
    ports: (service.Endpoint?.Ports ?? []).map(
      (port) =>
        `${port.PublishedPort}→${port.TargetPort}/${port.Protocol}${port.PublishMode === 'host' ? ' (host)' : ''}`,
    ),
    ...(state && state !== 'completed' && { update: state }),
  };
}

function observeTask(task: Task, service: ServiceView, hostnames: ReadonlyMap<string, string>): TaskView {
  const place = task.Slot ?? hostnames.get(task.NodeID) ?? task.NodeID;
  return {
    id: task.ID,
    name: `${service.name}.${place}`,
    serviceId: service.id,
    nodeId: task.NodeID,
    slot: task.Slot ?? 0,
    state: task.Status.State,
    desired: task.DesiredState,
    message: task.Status.Message,
    error: task.Status.Err,
    image: imageName(task.Spec.ContainerSpec?.Image),
    history: [{ state: task.Status.State, at: task.Status.Timestamp ?? '' }],
  };
}

/** An image as the student wrote it: without the digest that Swarm adds. */
function imageName(image: string | undefined): string {
  return (image ?? '').replace(/@sha256:[0-9a-f]+$/, '');
}

function byHostname(a: NodeView, b: NodeView): number {
  if (a.role !== b.role) return a.role === 'manager' ? -1 : 1;
  return a.hostname.localeCompare(b.hostname, 'en', { numeric: true });
}
