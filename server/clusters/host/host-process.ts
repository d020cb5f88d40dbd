import { clusterRecord, clusterRequest, readJsonFile } from '../cluster-record.ts';
import { hostEmbedded } from '../embedded/shared-host/find-shared-host.ts';
import { listens } from '../provisioning/await-socket.ts';
import { type ClusterFolder, makePrivateFolder } from '../state-folder.ts';
import { HostClient } from './host-client.ts';
import { startDetached } from './start-detached.ts';

/**
 * The cluster's host. One that has died is started again, and waited for until it has adopted the cluster. SL_HOST_UNREACHABLE when
 * it does not come up.
 */
export async function hostOf(folder: ClusterFolder): Promise<HostClient> {
  const host = new HostClient(folder.hostSocket);
  if (await listens(folder.hostSocket)) return host;
  const adopts = readJsonFile(folder.record, clusterRecord)?.phase === 'ready';
  if (readJsonFile(folder.request, clusterRequest)?.kind === 'embedded') await hostEmbedded(folder);
  else await startHost(folder);
  if (adopts) await host.followProgress(() => undefined);
  return host;
}

/** Whether a cluster's host lives. */
export function hostLives(folder: ClusterFolder): Promise<boolean> {
  return listens(folder.hostSocket);
}

/** Starts the cluster's own host as a process that outlives this one. */
async function startHost(folder: ClusterFolder): Promise<void> {
  makePrivateFolder(folder.hostFolder);
  await startDetached({
    what: `the host of cluster ${folder.name}`,
    entry: 'host.js',
    args: [folder.name],
    lock: folder.hostLock,
    log: folder.hostLog,
    socket: folder.hostSocket,
  });
}
