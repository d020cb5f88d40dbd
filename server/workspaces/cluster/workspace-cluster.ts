import { SwarmlabError } from '../../errors/swarmlab-error.ts';
import type { ClusterStatus, CreationProgress } from '../view/workspace-view.ts';
import type { ClusterDoor, ClusterHandle, ClusterWish, OpenCluster } from './cluster-door.ts';

/** Lines of progress that a page which comes late still gets. */
const KEPT_PROGRESS = 50;

export interface WorkspaceClusterHooks {
  /** The status has changed in some way. */
  changed: (status: ClusterStatus) => void;
  /** The cluster is up; the status says so once this has resolved. */
  opened: (cluster: OpenCluster) => Promise<void>;
  /** It is not up any more. */
  closed: () => void;
}

/** One workspace's cluster on its way up, up, on its way down. */
export class WorkspaceCluster {
  readonly #door: ClusterDoor;
  readonly #wish: ClusterWish;
  readonly #hooks: WorkspaceClusterHooks;
  #status: ClusterStatus;
  #cluster: OpenCluster | undefined;
  #handle: ClusterHandle | undefined;
  #opening: Promise<void> | undefined;
  /** Resolves when it is known whether there is a cluster, and the one that there was is up or has failed. */
  #adopting: Promise<void> = Promise.resolve();
  /** Whether this process asked for the cluster: then it also removes it when it is told to end. */
  #made = false;

  constructor(door: ClusterDoor, wish: ClusterWish, hooks: WorkspaceClusterHooks) {
    this.#door = door;
    this.#wish = wish;
    this.#hooks = hooks;
    this.#status = { name: wish.name, phase: 'creating', nodes: [], progress: [] };
  }

  get status(): ClusterStatus {
    return this.#status;
  }

  get made(): boolean {
    return this.#made;
  }

  /** The cluster; throws SL_WORKSPACE_BUSY while it is not up. */
  get open(): OpenCluster {
    if (this.#cluster !== undefined) return this.#cluster;
    throw new SwarmlabError('SL_WORKSPACE_BUSY', `the cluster ${this.#wish.name} is not up`);
  }

  /** Resolves when a cluster that was there before has been taken up, or it is known that there is none to take up. */
  get adopted(): Promise<void> {
    return this.#adopting;
  }

  /** Finds the cluster or makes it. Resolves when it is up or has failed, which the status tells; never rejects. */
  bringUp(): Promise<void> {
    this.#opening ??= this.#bringUp().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  /** Removes the cluster; rejects when it cannot be. */
  async remove(): Promise<void> {
    await this.#opening;
    this.#close();
    this.#set({ phase: 'removing', progress: [], error: undefined });
    const handle = this.#handle ?? (await this.#door.find(this.#wish.name));
    this.#handle = undefined;
    this.#made = false;
    await handle?.remove((progress) => this.#tell(progress));
  }

  async #bringUp(): Promise<void> {
    if (this.#cluster !== undefined) return;
    let adopted = () => {};
    this.#adopting = new Promise((resolve) => {
      adopted = resolve;
    });
    this.#set({ phase: 'creating', progress: [], error: undefined });
    try {
      this.#handle = await this.#door.find(this.#wish.name);
      if (this.#handle === undefined) {
        adopted();
        this.#made = true;
        this.#handle = await this.#door.create(this.#wish);
      }
      const cluster = await this.#handle.ready((progress) => this.#tell(progress));
      this.#cluster = cluster;
      await this.#hooks.opened(cluster);
      const nodes = cluster.nodes.map(({ name, hostname, address }) => ({ name, hostname, address }));
      this.#set({ phase: 'ready', kind: cluster.kind, orchestrator: cluster.orchestrator, nodes });
    } catch (error) {
      this.#set({ phase: 'failed', error: describe(error) });
    } finally {
      adopted();
    }
  }

  #close(): void {
    if (this.#cluster === undefined) return;
    this.#cluster = undefined;
    this.#hooks.closed();
  }

  #tell(progress: CreationProgress): void {
    this.#set({ progress: [...this.#status.progress, progress].slice(-KEPT_PROGRESS) });
  }

  #set(change: Partial<ClusterStatus>): void {
    this.#status = { ...this.#status, ...change };
    this.#hooks.changed(this.#status);
  }
}

function describe(error: unknown): { code: string; message: string; next?: string } {
  if (error instanceof SwarmlabError) {
    return { code: error.code, message: error.message, next: error.next };
  }
  return { code: 'SL_INTERNAL', message: error instanceof Error ? error.message : String(error) };
}
