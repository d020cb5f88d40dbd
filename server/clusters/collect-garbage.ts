import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { collectWorkFolders } from './embedded/work-folder.ts';
import { hostLives } from './host/host-process.ts';
import { currentImageTags, nodeImageTag } from './images/node-image.ts';
import { CLUSTER_LABEL, OWNER_LABEL, STATE_LABEL } from './labels.ts';
import { engineStatus } from './outer-engine.ts';
import { removeLabelled } from './provisioning/remove-cluster.ts';
import { ClusterFolder, clusterNames, stateFolder } from './state-folder.ts';

/** Repositories of the images we make. */
const OUR_IMAGES = /^swarmlab-(node|base|nginx|alpine):/;

/**
 * Removes what no cluster needs: containers, volumes and networks of clusters that have no folder any more, folders of clusters that
 * were never finished, and images that the current recipes do not use; without an engine, of folders alone. Gives a line for each thing removed.
 */
export async function collectGarbage(engine: Docker | undefined): Promise<string[]> {
  const removed: string[] = collectWorkFolders().map((name) => `state of ${name}`);
  for (const name of clusterNames()) {
    const folder = new ClusterFolder(name);
    if (existsSync(folder.record) || (await hostLives(folder))) continue;
    rmSync(folder.path, { recursive: true, force: true });
    removed.push(`state of ${name}`);
  }
  if (engine === undefined) return removed;
  for (const { cluster, state } of await clustersOnEngine(engine)) {
    if (existsSync(join(state, 'clusters', cluster))) continue;
    await removeLabelled(engine, [`${CLUSTER_LABEL}=${cluster}`, `${STATE_LABEL}=${state}`]);
    removed.push(`containers, volumes and network of ${cluster}${state === stateFolder() ? '' : ` (${state})`}`);
  }
  removed.push(...(await removeLeftovers(engine)), ...(await removeOldImages(engine)));
  return removed;
}

interface LabelledCluster {
  cluster: string;
  state: string;
}

async function clustersOnEngine(engine: Docker): Promise<LabelledCluster[]> {
  const filters = { label: [CLUSTER_LABEL, STATE_LABEL] };
  const [containers, networks, { Volumes }] = await Promise.all([
    engine.listContainers({ all: true, filters }),
    engine.listNetworks({ filters }),
    engine.listVolumes({ filters }),
  ]);
  const found = new Map<string, LabelledCluster>();
  for (const { Labels } of [...containers, ...networks, ...(Volumes ?? [])]) {
    const cluster = Labels?.[CLUSTER_LABEL];
    const state = Labels?.[STATE_LABEL];
    if (cluster !== undefined && state !== undefined) found.set(`${state}/${cluster}`, { cluster, state });
  }
  return [...found.values()];
}

/** What an image build that was killed has left: ours, but of no cluster. One that is under way is not old enough. */
async function removeLeftovers(engine: Docker): Promise<string[]> {
  const removed: string[] = [];
  const hourAgo = Date.now() / 1000 - 3600;
  for (const container of await engine.listContainers({ all: true, filters: { label: [`${OWNER_LABEL}=swarmlab`] } })) {
    if (container.Labels[CLUSTER_LABEL] !== undefined || container.Created > hourAgo) continue;
    await engine.getContainer(container.Id).remove({ force: true, v: true });
    removed.push(`container ${container.Names[0]?.slice(1) ?? container.Id}`);
  }
  return removed;
}

async function removeOldImages(engine: Docker): Promise<string[]> {
  const current = new Set(currentImageTags());
  const images = await engine.listImages();
  // Before the current node image is there, an older one may still be what everything runs on.
  if (!images.some((image) => image.RepoTags?.includes(nodeImageTag()))) return [];
  const old = images
    .flatMap((image) => image.RepoTags ?? [])
    .filter((tag) => OUR_IMAGES.test(tag) && !current.has(tag));
  const removed: string[] = [];
  for (const tag of old.sort().reverse()) if (await removeImage(engine, tag)) removed.push(`image ${tag}`);
  return removed;
}

/** False when a container still uses it. */
async function removeImage(engine: Docker, tag: string): Promise<boolean> {
  try {
    await engine.getImage(tag).remove();
    return true;
  } catch (error) {
    if (engineStatus(error) === 409 || engineStatus(error) === 404) return false;
    throw error;
  }
}
