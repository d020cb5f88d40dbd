import type { Clock } from '../../../server/clock/clock.ts';
import { SwarmlabError } from '../../../server/errors/swarmlab-error.ts';
import { EngineCluster } from '../../../server/grading/engine-cluster.ts';
import type { GradingCluster } from '../../../server/grading/grading-cluster.ts';
import type {
  ClusterDoor,
  ClusterHandle,
  ClusterWish,
  OpenCluster,
} from '../../../server/workspaces/cluster/cluster-door.ts';
import type { CreationProgress } from '../../../server/workspaces/view/workspace-view.ts';

/** Clusters without nodes, which come up when the test says so. */
export class StandInDoor implements ClusterDoor {
  readonly made: ClusterWish[] = [];
  readonly removed: string[] = [];
  /** Clusters that are there. */
  readonly there = new Set<string>();
  /** What `ready` waits for. */
  gate: Promise<void> = Promise.resolve();
  progress: CreationProgress[] = [];

  async find(name: string): Promise<ClusterHandle | undefined> {
    return this.there.has(name) ? this.#handle(name) : undefined;
  }

  async create(wish: ClusterWish): Promise<ClusterHandle> {
    this.made.push(wish);
    this.there.add(wish.name);
    return this.#handle(wish.name);
  }

  #handle(name: string): ClusterHandle {
    const cluster: OpenCluster = { name, kind: 'dind', orchestrator: 'swarm', nodes: [], explain: noExplanation };
    return {
      ready: async (onProgress) => {
        for (const progress of this.progress) onProgress(progress);
        await this.gate;
        return cluster;
      },
      remove: async () => {
        this.there.delete(name);
        this.removed.push(name);
      },
    };
  }
}

/** As a cluster that another orchestrator runs. */
export async function noExplanation(): Promise<never> {
  throw new SwarmlabError('SL_NOT_SUPPORTED', 'only the builtin orchestrator explains its tasks');
}

/** Grading that sees no node at all. */
export function standInGrading({ name, orchestrator }: OpenCluster, clock: Clock): GradingCluster {
  return new EngineCluster({ name, orchestrator, clock, nodes: [] });
}
