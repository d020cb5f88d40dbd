import { type Clock, type Disposable, sleep } from '../clock/clock.ts';
import { SwarmlabError } from '../errors/swarmlab-error.ts';
import type { GradingCluster } from '../grading/grading-cluster.ts';
import { drawExam } from '../labs/exam/draw-exam.ts';
import type { Lab } from '../labs/lab.ts';
import type { Translation } from '../labs/translation/translation.ts';
import { drawVariables } from '../labs/variables.ts';
import type { ClusterDoor, ClusterWish, OpenCluster } from './cluster/cluster-door.ts';
import { ClusterWatch } from './cluster/cluster-watch.ts';
import { SwarmReader } from './cluster/swarm-reader.ts';
import { WorkspaceCluster } from './cluster/workspace-cluster.ts';
import { NodeFiles } from './files/node-files.ts';
import { labForPage } from './lab/lab-for-page.ts';
import { StepSessions } from './steps/step-sessions.ts';
import { WorkspaceSteps } from './steps/workspace-steps.ts';
import { WorkspaceTerminals } from './terminals/workspace-terminals.ts';
import type { ClusterView } from './view/cluster-view.ts';
import type { LiveMessage } from './view/live-message.ts';
import type { WorkspaceView } from './view/workspace-view.ts';
import type { WorkspaceRecord, WorkspaceStore } from './workspace-store.ts';

/** A cluster that is up, as grading sees it. */
export type GradingFace = (cluster: OpenCluster) => GradingCluster;

export interface WorkspaceOptions {
  record: WorkspaceRecord;
  lab: Lab;
  /** Its translations by language. */
  translations?: ReadonlyMap<string, Translation>;
  clock: Clock;
  door: ClusterDoor;
  store: WorkspaceStore;
  gradingFace: GradingFace;
}

/** How long a page that comes right after the server has started waits for a cluster that was there before: a busy machine takes its time. */
const ADOPTION_LIMIT = 20_000;

/** What labs are written in; translations stand beside them. */
const OWN_LANGUAGE = 'en';

const NOTHING_SEEN: ClusterView = { swarm: 'unknown', reason: '', nodes: [], services: [], tasks: [] };

/** One student's place to work on one lab: a cluster, its terminals, how far they are. Told to any number of pages at once. */
export class Workspace implements Disposable {
  readonly id: string;
  readonly userId: string;
  readonly cluster: WorkspaceCluster;
  readonly terminals: WorkspaceTerminals;
  readonly steps: WorkspaceSteps;
  readonly #options: WorkspaceOptions;
  #lab: Lab;
  #openCluster: OpenCluster | undefined;
  readonly #listeners = new Set<(message: LiveMessage) => void>();
  #watch: ClusterWatch | undefined;
  #startedAt = 0;
  #language = OWN_LANGUAGE;

  constructor(options: WorkspaceOptions) {
    const { record, lab, store } = options;
    this.#options = options;
    this.#lab = lab;
    this.id = record.id;
    this.userId = record.userId;
    this.cluster = new WorkspaceCluster(options.door, wishOf(lab, record), {
      changed: (status) => this.#tell({ type: 'status', status }),
      opened: (cluster) => this.#opened(cluster),
      closed: () => this.#closed(),
    });
    this.terminals = new WorkspaceTerminals(record.id, store, (terminals) =>
      this.#tell({ type: 'terminals', terminals }),
    );
    this.steps = new WorkspaceSteps({
      workspaceId: record.id,
      lab,
      variables: this.#draw(lab),
      variant: record.variant,
      seed: record.seed,
      store,
      changed: (progress) => this.#tell({ type: 'step', progress }),
      learned: () => this.#tell({ type: 'workspace', workspace: this.view }),
    });
  }

  /** Everything about it but the cluster's state. */
  get view(): WorkspaceView {
    return {
      id: this.id,
      lab: labForPage(this.steps.shown, this.steps.reading),
      language: this.#language,
      languages: [OWN_LANGUAGE, ...(this.#options.translations?.keys() ?? [])],
      startedAt: this.#startedAt,
      now: this.#options.clock.now(),
      cluster: this.cluster.status,
      terminals: this.terminals.list,
      progress: this.steps.progress,
      domc: this.steps.domc,
      answers: Object.fromEntries(Object.entries(this.steps.answers).map(([item, given]) => [item, [...given]])),
    };
  }

  /** Tells `listener` all there is, and from then on every change. */
  subscribe(listener: (message: LiveMessage) => void): Disposable {
    this.#listeners.add(listener);
    listener({ type: 'workspace', workspace: this.view });
    listener({ type: 'cluster', cluster: this.#watch?.view ?? NOTHING_SEEN });
    return { dispose: () => this.#listeners.delete(listener) };
  }

  /**
   * Resolves when it is known how the cluster is: at once mostly, but a server that was killed and started again has to find it first, and
   * a page that came back should not be told meanwhile that its terminals are gone.
   */
  async settled(): Promise<void> {
    if (this.cluster.status.phase !== 'creating') return;
    await Promise.race([this.cluster.adopted, sleep(this.#options.clock, ADOPTION_LIMIT)]);
  }

  /** The student's files on a node. Throws SL_WORKSPACE_BUSY while the cluster is not up, SL_NODE_NOT_FOUND. */
  filesOn(node: string): NodeFiles {
    const found = this.cluster.open.nodes.find(({ name }) => name === node);
    if (found === undefined) throw new SwarmlabError('SL_NODE_NOT_FOUND', `the cluster has no node ${node}`);
    return new NodeFiles(found.agentSocket);
  }

  /** Takes up what was kept, and brings the cluster up without waiting for it. */
  async open(): Promise<void> {
    this.#startedAt = await this.#options.store.startedAt(this.id);
    await this.steps.load(this.#options.record.facts);
    void this.cluster.bringUp();
  }

  /** A new cluster and a clean sheet. Resolves when the old one is gone; the new one comes up by itself. */
  async reset(): Promise<void> {
    this.#refuseWhileMoving();
    await this.cluster.remove();
    await this.#options.store.clear(this.id);
    this.#startedAt = await this.#options.store.startedAt(this.id);
    this.steps.clear();
    void this.cluster.bringUp();
    this.#tell({ type: 'workspace', workspace: this.view });
  }

  /** Shows the lab in this language on every page; in its own where there is no such translation. */
  speak(language: string): void {
    const translation = this.#options.translations?.get(language);
    this.#language = translation === undefined ? OWN_LANGUAGE : language;
    this.steps.read(translation);
    this.#tell({ type: 'workspace', workspace: this.view });
  }

  /** The name of its lab. */
  get labName(): string {
    return this.#lab.name;
  }

  /** The author has changed the lab: every page shows the new text, and the new checks judge the cluster as it stands. */
  async replaceLab(changed: Lab): Promise<void> {
    const lab = drawExam(changed, this.#options.record.seed);
    this.#lab = lab;
    await this.steps.replaceLab(lab, this.#draw(lab), this.#openCluster && this.#sessionsOn(this.#openCluster));
    this.#tell({ type: 'workspace', workspace: this.view });
  }

  /** Removes the cluster. */
  async remove(): Promise<void> {
    this.#refuseWhileMoving();
    await this.cluster.remove();
  }

  /** Lets go of the cluster, which stays. */
  dispose(): void {
    this.#closed();
    this.#listeners.clear();
  }

  #refuseWhileMoving(): void {
    const { phase } = this.cluster.status;
    if (phase === 'removing' || phase === 'creating') {
      throw new SwarmlabError(
        'SL_WORKSPACE_BUSY',
        `the cluster of this workspace is ${phase === 'creating' ? 'being made' : 'being removed'}`,
      );
    }
  }

  async #opened(cluster: OpenCluster): Promise<void> {
    const { clock } = this.#options;
    this.#openCluster = cluster;
    this.steps.open(this.#sessionsOn(cluster));
    this.#watch = new ClusterWatch({
      reader: new SwarmReader(cluster.nodes),
      clock,
      onChange: (change) => this.#tell({ type: 'change', change }),
    });
    await this.terminals.open(cluster);
  }

  #sessionsOn(cluster: OpenCluster): StepSessions {
    const { clock, gradingFace } = this.#options;
    return new StepSessions(gradingFace(cluster), this.#lab, clock);
  }

  /** The lab's variables as they are for this student. */
  #draw(lab: Lab) {
    const { record } = this.#options;
    return drawVariables(variantOf(lab, record)?.vars ?? lab.vars, record.seed);
  }

  #closed(): void {
    this.#openCluster = undefined;
    this.steps.close();
    this.#watch?.dispose();
    this.#watch = undefined;
    this.terminals.close();
    this.#tell({ type: 'cluster', cluster: NOTHING_SEEN });
  }

  #tell(message: LiveMessage): void {
    for (const listener of this.#listeners) listener(message);
  }
}

function variantOf(lab: Lab, record: WorkspaceRecord) {
  return record.variant === undefined ? undefined : lab.variants[record.variant];
}

function wishOf(lab: Lab, record: WorkspaceRecord): ClusterWish {
  const wanted = variantOf(lab, record)?.cluster ?? lab.cluster;
  return {
    name: record.cluster,
    nodes: wanted.nodes,
    imagesOn: wanted['images-on'],
    registry: wanted.registry ?? false,
  };
}
