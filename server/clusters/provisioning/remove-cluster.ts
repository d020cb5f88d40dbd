import type Docker from 'dockerode';
import { CLUSTER_LABEL, STATE_LABEL } from '../labels.ts';
import { asEngineFailure, engineStatus } from '../outer-engine.ts';
import { stateFolder } from '../state-folder.ts';

/** Removes everything that the engine has of a cluster, whatever state it is in: containers, then their volumes and networks. */
export async function removeClusterObjects(engine: Docker, cluster: string): Promise<void> {
  await removeLabelled(engine, [`${CLUSTER_LABEL}=${cluster}`, `${STATE_LABEL}=${stateFolder()}`]);
}

/** Removes every container, volume and network that has all of these labels. */
export async function removeLabelled(engine: Docker, labels: string[]): Promise<void> {
  const filters = { label: labels };
  try {
    const containers = await engine.listContainers({ all: true, filters });
    await Promise.all(containers.map(({ Id }) => gone(engine.getContainer(Id).remove({ force: true, v: true }))));
    const [{ Volumes }, networks] = await Promise.all([
      engine.listVolumes({ filters }),
      engine.listNetworks({ filters }),
    ]);
    await Promise.all([
      ...(Volumes ?? []).map(({ Name }) => gone(engine.getVolume(Name).remove())),
      ...networks.map(({ Id }) => gone(engine.getNetwork(Id).remove())),
    ]);
  } catch (error) {
    throw asEngineFailure(error, 'removing the cluster');
  }
}

/** It is fine when somebody else has removed it already (404), or is about to (409 "removal ... is already in progress"). */
async function gone(removal: Promise<unknown>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    const status = engineStatus(error);
    const underWay = status === 409 && error instanceof Error && /already in progress/.test(error.message);
    if (status !== 404 && !underWay) throw error;
  }
}
