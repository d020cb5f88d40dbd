import { findClusterFolder } from '../clusters/find-cluster.ts';
import { removeCluster } from '../clusters/remove-cluster.ts';

/** `cluster down`: everything of the cluster goes. */
export async function clusterDown(name: string): Promise<void> {
  await removeCluster(findClusterFolder(name));
  process.stdout.write(`${name} is removed\n`);
}
