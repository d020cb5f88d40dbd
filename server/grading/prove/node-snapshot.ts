import { z } from 'zod';
import { STUDENT_HOME } from '../../clusters/student.ts';
import type { EngineCluster } from '../engine-cluster.ts';
import { containerSchema, imageSchema, networkSchema } from '../engine-objects.ts';
import type { CommandResult } from '../grading-cluster.ts';
import { ClusterUnreachable } from '../verdict.ts';
import { CannotRestore } from './swarm-snapshot.ts';

const LIMIT = 60_000;
/** What a shell takes as one argument. */
const MOST_FILES = 100 * 1024;
const TASK_LABEL = 'com.docker.swarm.task.id';

const TAKE = `tar -C ${STUDENT_HOME} -czf - . | base64 -w0`;
const restore = (files: string) => `find ${STUDENT_HOME} -mindepth 1 -delete
base64 -d <<<${files} | tar -C ${STUDENT_HOME} -xzf -`;

/** What a node had of the student's own. */
export interface NodeSnapshot {
  node: string;
  /** The home folder, packed. */
  files: string;
  containers: ReadonlySet<string>;
  /** IDs of images by their names. */
  images: ReadonlyMap<string, string>;
  /** IDs of networks of the node alone. */
  networks: ReadonlySet<string>;
}

/** Keeps the students' files of some nodes, and notes which containers and names of images there are. */
export async function takeNodes(cluster: EngineCluster, nodes: readonly string[]): Promise<NodeSnapshot[]> {
  const taken = await Promise.all(
    nodes.map((node) =>
      unlessOff(async () => {
        const { stdout } = await run(cluster, node, TAKE);
        const containers = new Set((await containersOf(cluster, node)).map(({ Id }) => Id));
        const images = await imagesOf(cluster, node);
        return { node, files: stdout.trim(), containers, images, networks: new Set(await networksOf(cluster, node)) };
      }),
    ),
  );
  return taken.filter((snapshot) => snapshot !== undefined);
}

/** Brings the files back, removes containers and networks made by hand since, and undoes names given to images. */
export async function restoreNodes(cluster: EngineCluster, snapshots: readonly NodeSnapshot[]): Promise<void> {
  await Promise.all(
    snapshots.map((snapshot) =>
      unlessOff(async () => {
        const { node, files } = snapshot;
        if (files.length > MOST_FILES) throw new CannotRestore(`the home folder on ${node} is too large to be kept`);
        const { exitCode, stderr } = await run(cluster, node, restore(files));
        if (exitCode !== 0) throw new CannotRestore(`the home folder on ${node}: ${stderr}`);
        await restoreContainers(cluster, snapshot);
        await restoreImages(cluster, snapshot);
        await restoreNetworks(cluster, snapshot);
      }),
    ),
  );
}

/** Containers of tasks belong to the Swarm and go with their services. */
async function restoreContainers(cluster: EngineCluster, { node, containers }: NodeSnapshot): Promise<void> {
  const now = await containersOf(cluster, node);
  for (const id of containers)
    if (!now.some(({ Id }) => Id === id)) throw new CannotRestore(`container ${id} on ${node} is gone`);
  for (const { Id } of now)
    if (!containers.has(Id)) await send(cluster, node, 'DELETE', `/containers/${Id}?force=true&v=true`);
}

/** Networks of the Swarm are the same on every node, and go with it; `docker_gwbridge` comes when the first of them is used. */
async function restoreNetworks(cluster: EngineCluster, { node, networks }: NodeSnapshot): Promise<void> {
  const now = await networksOf(cluster, node);
  for (const id of networks) if (!now.includes(id)) throw new CannotRestore(`network ${id} on ${node} is gone`);
  for (const id of now) if (!networks.has(id)) await send(cluster, node, 'DELETE', `/networks/${id}`);
}

async function restoreImages(cluster: EngineCluster, { node, images }: NodeSnapshot): Promise<void> {
  const now = await imagesOf(cluster, node);
  for (const name of now.keys()) if (!images.has(name)) await send(cluster, node, 'DELETE', `/images/${name}`);
  const there = new Set(now.values());
  for (const [name, id] of images) {
    if (now.get(name) === id) continue;
    if (!there.has(id)) throw new CannotRestore(`the image ${name} on ${node} is gone`);
    const at = name.lastIndexOf(':');
    await send(cluster, node, 'POST', `/images/${id}/tag?repo=${name.slice(0, at)}&tag=${name.slice(at + 1)}`);
  }
}

async function containersOf(cluster: EngineCluster, node: string) {
  const all = z.array(containerSchema).parse((await cluster.get(node, '/containers/json?all=1')).body);
  return all.filter(({ Labels }) => Labels[TASK_LABEL] === undefined);
}

async function networksOf(cluster: EngineCluster, node: string): Promise<string[]> {
  const all = z.array(networkSchema).parse((await cluster.get(node, '/networks')).body);
  return all.filter(({ Name, Scope }) => Scope === 'local' && Name !== 'docker_gwbridge').map(({ Id }) => Id);
}

async function imagesOf(cluster: EngineCluster, node: string): Promise<Map<string, string>> {
  const all = z.array(imageSchema).parse((await cluster.get(node, '/images/json')).body);
  return new Map(all.flatMap(({ Id, RepoTags }) => RepoTags.map((name) => [name, Id] as const)));
}

async function send(cluster: EngineCluster, node: string, method: 'DELETE' | 'POST', path: string): Promise<void> {
  const { status, body } = await cluster.send(node, { method, path });
  if (status >= 400 && status !== 404) throw new CannotRestore(`${path} on ${node}: ${JSON.stringify(body)}`);
}

async function run(cluster: EngineCluster, node: string, script: string): Promise<CommandResult> {
  if (cluster.exec === undefined) throw new CannotRestore('nothing can be run on the nodes');
  return cluster.exec(node, { argv: ['bash', '-c', script], user: 'root', limit: LIMIT });
}

/** A node that a fault has switched off has nothing to keep. */
async function unlessOff<Value>(act: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof ClusterUnreachable) return undefined;
    throw error;
  }
}
