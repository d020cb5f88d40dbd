import { z } from 'zod';
import { ALL_NODES, type ClusterRequest } from '../../clusters/cluster-record.ts';
import { awaitCluster, beginCluster } from '../../clusters/create-cluster.ts';
import { findClusterFolder } from '../../clusters/find-cluster.ts';
import type { HostClient } from '../../clusters/host/host-client.ts';
import { hostOf } from '../../clusters/host/host-process.ts';
import { clusterNodeName } from '../../clusters/node-plan.ts';
import { engineAnswers } from '../../clusters/outer-engine.ts';
import { removeWithoutHost } from '../../clusters/remove-cluster.ts';
import { ClusterFolder } from '../../clusters/state-folder.ts';
import { SwarmlabError } from '../../errors/swarmlab-error.ts';
import type { CreationProgress } from '../view/workspace-view.ts';
import type { ClusterDoor, ClusterHandle, ClusterWish, OpenCluster } from './cluster-door.ts';

/** What every cluster of this server is made of. */
export interface ClusterMake {
  nodes: 'auto' | 'dind' | 'embedded';
  orchestrator: 'builtin' | 'swarm';
}

/** The clusters in this machine's state folder: the same that `swarmlab cluster` makes and lists. */
export class OwnClusters implements ClusterDoor {
  readonly #make: ClusterMake;

  constructor(make: ClusterMake) {
    this.#make = make;
  }

  async find(name: string): Promise<ClusterHandle | undefined> {
    let folder: ClusterFolder;
    try {
      folder = findClusterFolder(name);
    } catch (error) {
      if (error instanceof SwarmlabError && error.code === 'SL_CLUSTER_NOT_FOUND') return undefined;
      throw error;
    }
    return new OwnCluster(folder, await hostOf(folder));
  }

  async create(wish: ClusterWish): Promise<ClusterHandle> {
    const request: ClusterRequest = {
      name: wish.name,
      kind: this.#make.nodes === 'auto' ? ((await engineAnswers()) ? 'dind' : 'embedded') : this.#make.nodes,
      orchestrator: this.#make.orchestrator,
      nodes: z.array(clusterNodeName).parse(wish.nodes ?? ALL_NODES),
      imagesOn: z.array(clusterNodeName).parse(wish.imagesOn ?? ALL_NODES),
      registry: wish.registry,
      created: new Date().toISOString(),
    };
    return new OwnCluster(new ClusterFolder(wish.name), await beginCluster(request));
  }
}

class OwnCluster implements ClusterHandle {
  readonly #folder: ClusterFolder;
  readonly #host: HostClient;

  constructor(folder: ClusterFolder, host: HostClient) {
    this.#folder = folder;
    this.#host = host;
  }

  async ready(onProgress: (progress: CreationProgress) => void): Promise<OpenCluster> {
    const record = await awaitCluster(this.#host, (text) => onProgress({ text }));
    return {
      name: record.name,
      kind: record.kind,
      orchestrator: record.orchestrator,
      // Whoever hosts it now: the host may have been started again since.
      explain: async (task) => (await hostOf(this.#folder)).explain(task),
      nodes: record.nodes.map(({ name, hostname, address }) => {
        const { agentSocket, controlSocket } = this.#folder.node(name);
        return { name, hostname, address, agentSocket, controlSocket };
      }),
    };
  }

  async remove(onProgress: (progress: CreationProgress) => void): Promise<void> {
    onProgress({ text: `removing cluster ${this.#folder.name}` });
    try {
      await this.#host.down();
    } catch (error) {
      // The host may have died since; what it leaves behind can be known.
      if (!(error instanceof SwarmlabError) || error.code !== 'SL_HOST_UNREACHABLE') throw error;
      await removeWithoutHost(this.#folder);
    }
  }
}
