import { z } from 'zod';
import type { EngineCluster } from '../engine-cluster.ts';
import { type Service, serviceSchema, taskSchema } from '../engine-objects.ts';

/** An object as the Engine API gives it, to be given back. */
const objectSchema = z.looseObject({
  ID: z.string(),
  Version: z.object({ Index: z.number() }),
  Spec: z.looseObject({}),
});
type SwarmObject = z.infer<typeof objectSchema>;

const jobStatus = z.object({ JobIteration: z.object({ Index: z.number().default(0) }) });

const networkSchema = z.looseObject({ Id: z.string(), Name: z.string(), Scope: z.string(), Ingress: z.boolean() });

/** What a Swarm was made of at some moment. */
export interface SwarmSnapshot {
  /** The settings of the Swarm itself. */
  swarm: SwarmObject;
  services: { object: SwarmObject; service: Service; running: number }[];
  networks: string[];
  secrets: string[];
  configs: string[];
  nodes: SwarmObject[];
  /** Services of which tasks run, by ID; those that have been removed, too. */
  running: ReadonlySet<string>;
}

/** Thrown when a Swarm cannot be brought back to what it was; a new cluster is needed then. */
export class CannotRestore extends Error {}

/** The first node that answers as a manager. */
export async function managerOf(cluster: EngineCluster): Promise<string> {
  for (const { name } of cluster.nodes) {
    const answer = await cluster.get(name, '/swarm').catch(() => undefined);
    if (answer?.status === 200) return name;
  }
  throw new CannotRestore('no manager answers');
}

/** Takes down what a Swarm is made of. */
export async function takeSnapshot(cluster: EngineCluster, manager: string): Promise<SwarmSnapshot> {
  const list = async (path: string) => z.array(objectSchema).parse((await cluster.get(manager, path)).body);
  const running = await countRunning(cluster, manager);
  return {
    swarm: objectSchema.parse((await cluster.get(manager, '/swarm')).body),
    services: (await list('/services')).map((object) => ({
      object,
      service: serviceSchema.parse(object),
      running: running.get(object.ID) ?? 0,
    })),
    networks: (await overlays(cluster, manager)).map((network) => network.Id),
    secrets: (await list('/secrets')).map((secret) => secret.ID),
    configs: (await list('/configs')).map((config) => config.ID),
    nodes: await list('/nodes'),
    running: new Set(running.keys()),
  };
}

/**
 * Removes services that have been added since and changes back what was changed. Throws CannotRestore for what cannot be undone: a removed secret,
 * config, network or node, and a service whose update history matters.
 */
export async function restoreSnapshot(cluster: EngineCluster, manager: string, snapshot: SwarmSnapshot): Promise<void> {
  const now = await takeSnapshot(cluster, manager).catch(() => {
    throw new CannotRestore('the Swarm does not answer');
  });
  for (const kind of ['networks', 'secrets', 'configs'] as const)
    for (const id of snapshot[kind])
      if (!now[kind].includes(id)) throw new CannotRestore(`${kind.slice(0, -1)} ${id} is gone`);
  if (JSON.stringify(now.swarm.Spec) !== JSON.stringify(snapshot.swarm.Spec))
    await change(cluster, manager, `/swarm/update?version=${now.swarm.Version.Index}`, snapshot.swarm.Spec);
  await restoreNodes(cluster, manager, snapshot, now);
  await restoreServices(cluster, manager, snapshot, now);
}

/** Whether everything runs as it did, and nothing else. */
export function isAsBefore(before: SwarmSnapshot, now: SwarmSnapshot): boolean {
  const steady = before.services.every(({ service, running }) => {
    const same = now.services.find((candidate) => candidate.service.Spec.Name === service.Spec.Name);
    return same?.running === running && same.service.UpdateStatus?.State === service.UpdateStatus?.State;
  });
  return steady && [...now.running].every((id) => now.services.some((service) => service.object.ID === id));
}

/** Removes what of networks, secrets and configs in `now` has been added since; true when there was nothing to remove. */
export async function removeAdded(
  cluster: EngineCluster,
  manager: string,
  snapshot: SwarmSnapshot,
  now: SwarmSnapshot,
): Promise<boolean> {
  let clean = true;
  for (const kind of ['networks', 'secrets', 'configs'] as const)
    for (const id of now[kind])
      if (!snapshot[kind].includes(id)) {
        clean = false;
        await cluster.send(manager, { method: 'DELETE', path: `/${kind}/${id}` });
      }
  return clean;
}

async function restoreNodes(
  cluster: EngineCluster,
  manager: string,
  snapshot: SwarmSnapshot,
  now: SwarmSnapshot,
): Promise<void> {
  if (now.nodes.length !== snapshot.nodes.length) throw new CannotRestore('a node has come or gone');
  for (const node of snapshot.nodes) {
    const current = now.nodes.find((candidate) => candidate.ID === node.ID);
    if (current === undefined) throw new CannotRestore('a node is gone');
    if (current.Spec.Role !== node.Spec.Role) throw new CannotRestore('a node has another role');
    if (JSON.stringify(current.Spec) !== JSON.stringify(node.Spec))
      await change(cluster, manager, `/nodes/${node.ID}/update?version=${current.Version.Index}`, node.Spec);
  }
}

async function restoreServices(
  cluster: EngineCluster,
  manager: string,
  snapshot: SwarmSnapshot,
  now: SwarmSnapshot,
): Promise<void> {
  for (const { object } of now.services)
    if (!snapshot.services.some((before) => before.object.ID === object.ID))
      await remove(cluster, manager, `/services/${object.ID}`);
  for (const before of snapshot.services) {
    const { object } = before;
    const current = now.services.find((candidate) => candidate.object.ID === object.ID);
    if (runsOf(object) !== runsOf(current?.object))
      throw new CannotRestore(`the job ${before.service.Spec.Name} has run`);
    if (current !== undefined && JSON.stringify(current.object.Spec) === JSON.stringify(object.Spec)) continue;
    const versions = versionsOf(before);
    const first = versions[0];
    const id = current?.object.ID ?? (await create(cluster, manager, first));
    for (const spec of current === undefined ? versions.slice(1) : versions) await update(cluster, manager, id, spec);
  }
}

/** How often a job was run, which nothing takes back; undefined for what is no job. */
function runsOf(object: SwarmObject | undefined): number | undefined {
  return jobStatus.safeParse(object?.JobStatus).data?.JobIteration.Index;
}

/** The ends of an update that come about again when the service goes through its versions once more. */
const REPEATABLE = [undefined, '', 'updating', 'completed'];

/** The specs that a service has to go through to have its history again. */
function versionsOf({ object, service }: SwarmSnapshot['services'][number]): Record<string, unknown>[] {
  const state = service.UpdateStatus?.State;
  if (!REPEATABLE.includes(state)) throw new CannotRestore(`the update of ${service.Spec.Name} ended as ${state}`);
  const spec = withPorts(object, service);
  return service.PreviousSpec && 'PreviousSpec' in object ? [Object(object.PreviousSpec), spec] : [spec];
}

async function create(cluster: EngineCluster, manager: string, spec: unknown): Promise<string> {
  const { status, body } = await cluster.send(manager, { method: 'POST', path: '/services/create', body: spec });
  if (status >= 400) throw new CannotRestore(JSON.stringify(body));
  return z.object({ ID: z.string() }).parse(body).ID;
}

async function update(cluster: EngineCluster, manager: string, id: string, spec: unknown): Promise<void> {
  const { body } = await cluster.get(manager, `/services/${id}`);
  const { Version } = objectSchema.parse(body);
  await change(cluster, manager, `/services/${id}/update?version=${Version.Index}`, spec);
}

/** The spec with the ports that the service was given, so that names bound to them stay true. */
function withPorts(object: SwarmObject, service: Service): Record<string, unknown> {
  const ports = service.Endpoint?.Ports ?? [];
  if (ports.length === 0) return object.Spec;
  return { ...object.Spec, EndpointSpec: { Mode: service.Spec.EndpointSpec?.Mode ?? 'vip', Ports: ports } };
}

/** Running tasks of each service by its ID. */
async function countRunning(cluster: EngineCluster, manager: string): Promise<Map<string, number>> {
  const tasks = z.array(taskSchema).parse((await cluster.get(manager, '/tasks')).body);
  const counts = new Map<string, number>();
  for (const task of tasks)
    if (task.Status.State === 'running') counts.set(task.ServiceID, (counts.get(task.ServiceID) ?? 0) + 1);
  return counts;
}

async function overlays(cluster: EngineCluster, manager: string) {
  const all = z.array(networkSchema).parse((await cluster.get(manager, '/networks')).body);
  return all.filter((network) => network.Scope === 'swarm' && !network.Ingress);
}

async function change(cluster: EngineCluster, manager: string, path: string, body: unknown): Promise<void> {
  const { status, body: answer } = await cluster.send(manager, { method: 'POST', path, body });
  if (status >= 400) throw new CannotRestore(`${path}: ${JSON.stringify(answer)}`);
}

async function remove(cluster: EngineCluster, manager: string, path: string): Promise<void> {
  const { status, body } = await cluster.send(manager, { method: 'DELETE', path });
  if (status >= 400 && status !== 404) throw new CannotRestore(`${path}: ${JSON.stringify(body)}`);
}
