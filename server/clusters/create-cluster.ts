import { mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { SwarmlabError } from '../errors/swarmlab-error.ts';
import { type ClusterRecord, type ClusterRequest, writeJsonFile } from './cluster-record.ts';
import type { HostClient } from './host/host-client.ts';
import { hostOf } from './host/host-process.ts';
import { engineAnswers, outerEngineAddress } from './outer-engine.ts';
import type { Progress } from './progress.ts';
import { ClusterFolder, makePrivateFolder } from './state-folder.ts';
import { hasRoomForNodes, parseSubnet } from './subnet.ts';

/**
 * Makes a cluster and resolves when all of its nodes are ready; `progress` is told of each step. What was half made is removed when
 * it fails. SL_CLUSTER_EXISTS, SL_SUBNET_TAKEN, SL_ENGINE_UNREACHABLE, SL_ENGINE_FAILED.
 */
export async function createCluster(request: ClusterRequest, progress: Progress): Promise<ClusterRecord> {
  return awaitCluster(await beginCluster(request), progress);
}

/**
 * Starts the host of a new cluster, which then makes it whether or not somebody waits. Gives the host. SL_USAGE for a subnet in which the
 * nodes' addresses do not fit.
 */
export async function beginCluster(request: ClusterRequest): Promise<HostClient> {
  const subnet = request.subnet === undefined ? undefined : parseSubnet(request.subnet);
  if (subnet && !hasRoomForNodes(subnet)) {
    throw new SwarmlabError('SL_USAGE', `${request.subnet} has no room for the addresses .100 to .200`, {
      next: 'Give a /24 or a bigger subnet.',
    });
  }
  if (request.kind === 'dind' && !(await engineAnswers())) {
    throw new SwarmlabError('SL_ENGINE_UNREACHABLE', `no Docker engine answers at ${outerEngineAddress()}`);
  }
  const folder = claimFolder(request.name);
  try {
    writeJsonFile(folder.request, request);
    return await hostOf(folder);
  } catch (error) {
    rmSync(folder.path, { recursive: true, force: true });
    throw error;
  }
}

/** Waits for a cluster that has begun. Rejects with what it failed of; nothing of it is left then. */
export async function awaitCluster(host: HostClient, progress: Progress): Promise<ClusterRecord> {
  try {
    await host.followProgress(progress);
  } catch (error) {
    await host.down().catch(() => undefined);
    throw error;
  }
  const { record } = await host.state();
  if (!record) throw new SwarmlabError('SL_INTERNAL', 'the cluster host has no record of the cluster');
  return record;
}

/** Making its folder is what makes a name taken: of two at the same time, one fails. */
function claimFolder(name: string): ClusterFolder {
  const folder = new ClusterFolder(name);
  makePrivateFolder(dirname(folder.path));
  try {
    mkdirSync(folder.path, { mode: 0o700 });
    return folder;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    throw new SwarmlabError('SL_CLUSTER_EXISTS', `there is a cluster ${name} already`);
  }
}
