import { readFileSync, rmSync } from 'node:fs';
import { SwarmlabError } from '../errors/swarmlab-error.ts';
import { clusterRequest, readJsonFile } from './cluster-record.ts';
import { hostOf } from './host/host-process.ts';
import { outerEngine } from './outer-engine.ts';
import { removeClusterObjects } from './provisioning/remove-cluster.ts';
import type { ClusterFolder } from './state-folder.ts';

/**
 * Removes a cluster and everything of it. Its host does that; where there is none that could (its record is broken, or it does not
 * come up), this process does. SL_ENGINE_UNREACHABLE, SL_ENGINE_FAILED.
 */
export async function removeCluster(folder: ClusterFolder): Promise<void> {
  try {
    await (await hostOf(folder)).down();
  } catch (error) {
    if (!(error instanceof SwarmlabError) || !HOST_FAILED.has(error.code)) throw error;
    endHost(folder);
    await removeWithoutHost(folder);
  }
}

/**
 * Removes what a cluster whose host has died has left behind: what is labelled as its own on the engine, which embedded clusters never
 * needed, and its folder. SL_ENGINE_UNREACHABLE, SL_ENGINE_FAILED.
 */
export async function removeWithoutHost(folder: ClusterFolder): Promise<void> {
  if (!isEmbedded(folder)) await removeClusterObjects(outerEngine(), folder.name);
  rmSync(folder.path, { recursive: true, force: true });
}

function isEmbedded(folder: ClusterFolder): boolean {
  try {
    return readJsonFile(folder.request, clusterRequest)?.kind === 'embedded';
  } catch {
    return false;
  }
}

const HOST_FAILED: ReadonlySet<string> = new Set(['SL_HOST_UNREACHABLE', 'SL_INTERNAL']);

/** Ends the process that the cluster's folder names, if that is a cluster host of this name. */
function endHost(folder: ClusterFolder): void {
  try {
    const pid = Number(readFileSync(folder.hostLock, 'utf8'));
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean);
    if (command.at(-1) === folder.name && command.at(-2)?.endsWith('host.js')) process.kill(pid, 'SIGKILL');
  } catch {
    // There is none, or it has ended.
  }
}
