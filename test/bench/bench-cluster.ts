import { randomBytes } from 'node:crypto';
import { ALL_NODES, type ClusterRecord, type ClusterRequest } from '../../server/clusters/cluster-record.ts';
import { createCluster } from '../../server/clusters/create-cluster.ts';
import { callApi } from '../../server/clusters/provisioning/engine-api.ts';
import { removeCluster } from '../../server/clusters/remove-cluster.ts';
import { ClusterFolder } from '../../server/clusters/state-folder.ts';

/** A cluster made for a measurement. */
export class BenchCluster {
  readonly record: ClusterRecord;
  readonly #folder: ClusterFolder;

  private constructor(record: ClusterRecord) {
    this.record = record;
    this.#folder = new ClusterFolder(record.name);
  }

  static async create(
    orchestrator: ClusterRequest['orchestrator'],
    kind: ClusterRequest['kind'] = 'dind',
  ): Promise<BenchCluster> {
    const request: ClusterRequest = {
      name: `bench-${randomBytes(3).toString('hex')}`,
      kind,
      orchestrator,
      nodes: ALL_NODES,
      imagesOn: ALL_NODES,
      registry: false,
      created: new Date().toISOString(),
    };
    return new BenchCluster(await createCluster(request, () => undefined));
  }

  /** A call of a node's Engine API, through its gateway. */
  call(node: string, method: string, path: string, body?: unknown): Promise<unknown> {
    return callApi(this.#folder.node(node).controlSocket, method, `/v1.45${path}`, body);
  }

  socket(node: string): string {
    return this.#folder.node(node).controlSocket;
  }

  agentSocket(node: string): string {
    return this.#folder.node(node).agentSocket;
  }

  remove(): Promise<void> {
    return removeCluster(this.#folder);
  }
}

/** Runs something with a cluster of its own and removes that afterwards, whatever happens. */
export async function withCluster<T>(
  orchestrator: ClusterRequest['orchestrator'],
  work: (cluster: BenchCluster) => Promise<T>,
  kind: ClusterRequest['kind'] = 'dind',
): Promise<T> {
  const cluster = await BenchCluster.create(orchestrator, kind);
  try {
    return await work(cluster);
  } finally {
    await cluster.remove();
  }
}
