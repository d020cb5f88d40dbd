import type { ExplainedTask } from '../../clusters/host/task-explanation.ts';
import type { CreationProgress } from '../view/workspace-view.ts';

/** What a workspace needs of a node: its names, and the sockets on this machine that lead to it. */
export interface OpenNode {
  name: string;
  hostname: string;
  address: string;
  /** The node agent's own API: terminals. */
  agentSocket: string;
  /** The node's Engine API for graders and the page: not the student's door, so nothing asked here testifies for the student. */
  controlSocket: string;
}

/** A cluster that is up. */
export interface OpenCluster {
  name: string;
  kind: 'dind' | 'embedded';
  orchestrator: 'builtin' | 'swarm';
  nodes: OpenNode[];
  /** Why a task is where it is. Rejects with SL_NOT_SUPPORTED where the orchestrator is none of ours. */
  explain(task: string): Promise<ExplainedTask>;
}

/** What a lab wants its cluster to be. */
export interface ClusterWish {
  name: string;
  /** Node names in their order; the usual four when undefined. */
  nodes: readonly string[] | undefined;
  /** The only nodes that have the lab images; all when undefined. */
  imagesOn: readonly string[] | undefined;
  registry: boolean;
}

/** A cluster that is there or on its way. */
export interface ClusterHandle {
  /** Resolves when it is up; rejects with a SwarmlabError when it failed. Progress is told from the beginning, however late one asks. */
  ready(onProgress: (progress: CreationProgress) => void): Promise<OpenCluster>;
  remove(onProgress: (progress: CreationProgress) => void): Promise<void>;
}

/** The way to clusters; the same that `swarmlab cluster` takes. */
export interface ClusterDoor {
  /** The cluster of that name, its host started again if it died; undefined when there is none. */
  find(name: string): Promise<ClusterHandle | undefined>;
  /** Begins to make a cluster. Rejects with SL_CLUSTER_EXISTS and whatever else keeps it from beginning. */
  create(wish: ClusterWish): Promise<ClusterHandle>;
}
