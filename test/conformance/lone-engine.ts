import Docker from 'dockerode';
import { ALL_NODES, type ClusterRequest } from '../../server/clusters/cluster-record.ts';
import { createCluster } from '../../server/clusters/create-cluster.ts';
import { removeCluster } from '../../server/clusters/remove-cluster.ts';
import { ClusterFolder } from '../../server/clusters/state-folder.ts';

/** Images that the suites name, all of which the lab's alpine can stand in for. */
const STAND_INS = [
  { repo: 'alpine', tag: '3.10' },
  { repo: 'busybox', tag: 'latest' },
];

/** An engine that is in no Swarm and may found one. */
export interface LoneEngine {
  /** Its API as `unix:///...`, for the cluster's owner: without the guard that watches over students. */
  dockerHost: string;
  remove(): Promise<void>;
}

/**
 * Makes a cluster, takes all of its nodes out of their Swarm, and gives its master. What creating a cluster throws.
 */
export async function loneEngine(
  request: Pick<ClusterRequest, 'name' | 'kind' | 'orchestrator' | 'subnet'>,
  tell: (text: string) => void,
): Promise<LoneEngine> {
  const folder = new ClusterFolder(request.name);
  const created = new Date().toISOString();
  await createCluster({ ...request, nodes: ALL_NODES, imagesOn: ALL_NODES, registry: false, created }, tell);
  const remove = () => removeCluster(folder);
  try {
    const socketOf = (node: string) => folder.node(node).controlSocket;
    for (const node of ALL_NODES.toReversed())
      await new Docker({ socketPath: socketOf(node) }).swarmLeave({ force: true });
    const engine = new Docker({ socketPath: socketOf('master') });
    for (const image of STAND_INS) await engine.getImage('alpine:latest').tag(image);
    return { dockerHost: `unix://${socketOf('master')}`, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
