import type { GradingCluster } from '../grading-cluster.ts';
import { ClusterUnreachable } from '../verdict.ts';

const LIMIT = 60_000;
const KEPT = '/root/.swarmlab-prove';

const TAKE = `mkdir -p ${KEPT} && tar -C /home -cf ${KEPT}/home.tar . && docker ps -aq --no-trunc | sort >${KEPT}/containers`;
/** Containers of tasks belong to the Swarm and go with their services. */
const RESTORE = `find /home -mindepth 2 -delete
tar -C /home -xf ${KEPT}/home.tar
docker ps -aq --no-trunc --filter label=com.docker.swarm.task | sort >${KEPT}/tasks
docker ps -aq --no-trunc | sort | comm -23 - ${KEPT}/containers | comm -23 - ${KEPT}/tasks | xargs -r docker rm -f`;

/** Keeps the students' files of some nodes, and notes which containers there are. */
export async function takeNodes(cluster: GradingCluster, nodes: readonly string[]): Promise<void> {
  await runEverywhere(cluster, nodes, TAKE);
}

/** Brings the files back, and removes containers that were started by hand since. */
export async function restoreNodes(cluster: GradingCluster, nodes: readonly string[]): Promise<void> {
  await runEverywhere(cluster, nodes, RESTORE);
}

async function runEverywhere(cluster: GradingCluster, nodes: readonly string[], script: string): Promise<void> {
  await Promise.all(
    nodes.map(async (node) => {
      try {
        await cluster.exec?.(node, { argv: ['bash', '-c', script], user: 'root', limit: LIMIT });
      } catch (error) {
        // A node that a fault has switched off has nothing to keep.
        if (!(error instanceof ClusterUnreachable)) throw error;
      }
    }),
  );
}
