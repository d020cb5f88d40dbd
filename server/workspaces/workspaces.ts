import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock/clock.ts';
import { SwarmlabError } from '../errors/swarmlab-error.ts';
import { drawExam } from '../labs/exam/draw-exam.ts';
import type { Lab } from '../labs/lab.ts';
import type { Translation } from '../labs/translation/translation.ts';
import type { ClusterDoor } from './cluster/cluster-door.ts';
import type { LabSummary } from './view/lab-view.ts';
import { type GradingFace, Workspace } from './workspace.ts';
import type { WorkspaceRecord, WorkspaceStore } from './workspace-store.ts';

/** The labs there are. */
export interface LabShelf {
  names(): Promise<string[]>;
  /** Throws SL_LAB_NOT_FOUND, or SL_LAB_INVALID. */
  load(name: string): Promise<Lab>;
  /** A lab's translations by language; a shelf without it has none. */
  translations?(lab: Lab): Promise<ReadonlyMap<string, Translation>>;
}

export interface WorkspacesOptions {
  clock: Clock;
  store: WorkspaceStore;
  door: ClusterDoor;
  labs: LabShelf;
  gradingFace: GradingFace;
}

/** A cluster's name is part of container names: 30 characters at the most. */
const LONGEST_CLUSTER_NAME = 30;

/** All workspaces of a server. One that nobody has asked for since the server started is only a row in the store. */
export class Workspaces {
  readonly #options: WorkspacesOptions;
  readonly #open = new Map<string, Promise<Workspace>>();

  constructor(options: WorkspacesOptions) {
    this.#options = options;
  }

  /** The labs, with how far `userId` is in each. One whose file is wrong is left out here; `swarmlab lint` tells why. */
  async labs(userId: string): Promise<LabSummary[]> {
    const records = await this.#options.store.ofUser(userId);
    const names = await this.#options.labs.names();
    const loaded = await Promise.all(names.map((name) => this.#options.labs.load(name).catch(() => undefined)));
    const place = (lab: Lab) => lab.order ?? Number.POSITIVE_INFINITY;
    const labs = loaded
      .filter((lab) => lab !== undefined)
      .sort((a, b) => (place(a) < place(b) ? -1 : Number(place(a) > place(b))));
    return Promise.all(labs.map((lab) => this.#summarize(lab, records)));
  }

  /** The user's workspace for a lab; made, with its cluster on its way, when there is none. */
  async start(userId: string, labName: string, variant: string | undefined): Promise<Workspace> {
    const lab = await this.#options.labs.load(labName);
    if (variant !== undefined && lab.variants[variant] === undefined) {
      throw new SwarmlabError('SL_LAB_NOT_FOUND', `the lab ${labName} has no variant ${variant}`);
    }
    const records = await this.#options.store.ofUser(userId);
    const known = records.find((record) => record.lab === lab.name && record.variant === variant);
    if (known !== undefined) return this.#opened(known);
    const record: WorkspaceRecord = {
      id: randomBytes(8).toString('hex'),
      userId,
      lab: lab.name,
      variant,
      cluster: await this.#freeClusterName([lab.name, variant].filter(Boolean).join('-')),
      seed: randomBytes(8).toString('hex'),
      facts: {},
    };
    await this.#options.store.add(record);
    return this.#opened(record);
  }

  /** One of the user's workspaces, its cluster brought up again if need be. Throws SL_WORKSPACE_NOT_FOUND for others' as well. */
  async get(userId: string, id: string): Promise<Workspace> {
    const open = await this.#open.get(id);
    if (open?.userId === userId) return open;
    const record = await this.#options.store.get(id);
    if (record?.userId !== userId) throw new SwarmlabError('SL_WORKSPACE_NOT_FOUND', `there is no workspace ${id}`);
    return this.#opened(record);
  }

  /** Removes a workspace: its cluster, its shells, how far the student was. */
  async remove(userId: string, id: string): Promise<void> {
    const workspace = await this.get(userId, id);
    await workspace.remove();
    this.#open.delete(id);
    workspace.dispose();
    await this.#options.store.remove(id);
  }

  /** The author has changed a lab: gives the workspaces that are open for it, with the change taken in. */
  async replaceLab(lab: Lab): Promise<Workspace[]> {
    const concerned = (await this.#all()).filter((workspace) => workspace.labName === lab.name);
    for (const workspace of concerned) await workspace.replaceLab(lab);
    return concerned;
  }

  /** Lets go of everything; clusters stay. */
  async close(): Promise<void> {
    for (const workspace of await this.#all()) workspace.dispose();
    this.#open.clear();
  }

  /** Removes the clusters that were made since this server started; `onRemove` hears their names. */
  async removeMadeClusters(onRemove: (cluster: string) => void): Promise<void> {
    const made = (await this.#all()).filter((workspace) => workspace.cluster.made);
    await Promise.all(
      made.map(async ({ cluster }) => {
        onRemove(cluster.status.name);
        await cluster.remove();
      }),
    );
  }

  /** The clusters that are up and in use by this server. */
  async openClusters(): Promise<string[]> {
    const all = await this.#all();
    return all.map(({ cluster }) => cluster.status).flatMap(({ phase, name }) => (phase === 'ready' ? [name] : []));
  }

  async #all(): Promise<Workspace[]> {
    const settled = await Promise.allSettled(this.#open.values());
    return settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  }

  #opened(record: WorkspaceRecord): Promise<Workspace> {
    let opening = this.#open.get(record.id);
    if (opening === undefined) {
      opening = this.#openRecord(record);
      this.#open.set(record.id, opening);
      opening.catch(() => this.#open.delete(record.id));
    }
    return opening;
  }

  async #openRecord(record: WorkspaceRecord): Promise<Workspace> {
    const { clock, door, store, labs, gradingFace } = this.#options;
    const lab = drawExam(await labs.load(record.lab), record.seed);
    const translations = await labs.translations?.(lab);
    const workspace = new Workspace({
      record,
      lab,
      ...(translations && { translations }),
      clock,
      door,
      store,
      gradingFace,
    });
    await workspace.open();
    return workspace;
  }

  async #summarize(lab: Lab, records: readonly WorkspaceRecord[]): Promise<LabSummary> {
    const record = records.find((candidate) => candidate.lab === lab.name);
    const steps = record === undefined ? [] : await this.#options.store.steps(record.id);
    return {
      name: lab.name,
      title: lab.title,
      summary: lab.summary,
      minutes: lab.minutes,
      domain: lab.domain,
      steps: lab.steps.length,
      points: lab.steps.reduce((sum, step) => sum + step.points, 0),
      variants: Object.entries(lab.variants).map(([name, { summary }]) => ({ name, summary })),
      ...(record && {
        workspace: {
          id: record.id,
          stepsPassed: steps.filter((step) => step.passed).length,
          points: steps.reduce((sum, step) => sum + step.points, 0),
        },
      }),
    };
  }

  async #freeClusterName(wanted: string): Promise<string> {
    const taken = new Set((await this.#options.store.all()).map((record) => record.cluster));
    for (let number = 1; ; number++) {
      const suffix = number === 1 ? '' : `-${number}`;
      const name = `${wanted.slice(0, LONGEST_CLUSTER_NAME - suffix.length).replace(/-+$/, '')}${suffix}`;
      if (!taken.has(name)) return name;
    }
  }
}
