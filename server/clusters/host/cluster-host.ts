import { EventEmitter } from 'node:events';
import { rmSync } from 'node:fs';
import type Docker from 'dockerode';
import { SwarmlabError } from '../../errors/swarmlab-error.ts';
import type { TaskExplanation } from '../../orchestrator/api/explain.ts';
import {
  type ClusterRecord,
  type ClusterRequest,
  clusterRecord,
  type NodeRecord,
  nodeOf,
  readJsonFile,
  writeJsonFile,
} from '../cluster-record.ts';
import { ensureNodeImage } from '../images/node-image.ts';
import { asEngineFailure } from '../outer-engine.ts';
import { step } from '../progress.ts';
import { awaitNode, startNode } from '../provisioning/boot-node.ts';
import { formSwarm } from '../provisioning/form-swarm.ts';
import { fillRegistry } from '../provisioning/lab-registry.ts';
import { networkName, nodeEndpoint, servesRegistry } from '../provisioning/node-container.ts';
import { createNode, createRecord, forgetSockets, type NodeSetup } from '../provisioning/provision.ts';
import { removeClusterObjects } from '../provisioning/remove-cluster.ts';
import type { ClusterFolder } from '../state-folder.ts';
import { BuiltinSwarm, hostUrl } from './builtin-swarm.ts';
import type { HostState, NodeAction } from './host-api.ts';
import type { HostedCluster, HostedClusterEvents } from './hosted-cluster.ts';
import { ProgressLog } from './progress-log.ts';

export interface ClusterHostOptions {
  engine: Docker;
  folder: ClusterFolder;
  request: ClusterRequest;
}

/** Milliseconds that a cluster that is not wanted any more may go on being made, before it is removed as far as it is there. */
const GIVING_UP = 30_000;

/**
 * Owns one cluster of Docker-in-Docker nodes: makes it, or adopts what an earlier host of the same cluster has left running, carries
 * out faults, and removes it.
 */
export class ClusterHost extends EventEmitter<HostedClusterEvents> implements HostedCluster {
  readonly progress = new ProgressLog();
  readonly #options: ClusterHostOptions;
  #record: ClusterRecord | undefined;
  #phase: HostState['phase'] = 'creating';
  #failure: SwarmlabError | undefined;
  #swarm: BuiltinSwarm | undefined;
  #run: Promise<void> | undefined;
  readonly #ending = new AbortController();

  constructor(options: ClusterHostOptions) {
    super();
    this.#options = options;
    this.#record = readJsonFile(options.folder.record, clusterRecord);
  }

  state(): HostState {
    return {
      phase: this.#phase,
      progress: [...this.progress.entries],
      ...(this.#record && { record: this.#record }),
      ...(this.#failure && {
        failure: { code: this.#failure.code, message: this.#failure.message, next: this.#failure.next },
      }),
    };
  }

  /** Makes or adopts the cluster. Does not reject: a failure is in the state, and what was half made is removed. */
  run(): Promise<void> {
    this.#run ??= this.#makeOrAdopt();
    return this.#run;
  }

  async #makeOrAdopt(): Promise<void> {
    try {
      if (this.#record?.phase === 'ready') await this.#adopt(this.#record);
      else await this.#create();
      this.#phase = 'ready';
    } catch (error) {
      this.#failure = asEngineFailure(error, 'making the cluster');
      this.#phase = 'failed';
    }
    this.emit('settled');
  }

  /** Removes the cluster and everything of it; what is still being made is given up first. */
  async down(): Promise<void> {
    this.#ending.abort();
    await Promise.race([this.#run, new Promise((resolve) => setTimeout(resolve, GIVING_UP))]);
    this.#phase = 'removing';
    if (this.#record) this.#save({ ...this.#record, phase: 'removing' });
    await this.#swarm?.close();
    await removeClusterObjects(this.#options.engine, this.#options.request.name);
    rmSync(this.#options.folder.path, { recursive: true, force: true });
    this.emit('removed');
  }

  /** A node's power or cable is pulled, or put back; resolves when that has taken effect. */
  async act(name: string, action: NodeAction): Promise<void> {
    const record = this.#ready();
    const node = nodeOf(record, name);
    const container = this.#options.engine.getContainer(node.container);
    const network = this.#options.engine.getNetwork(networkName(record.name));
    if (action === 'stop') {
      await container.kill().catch(unlessDone);
      forgetSockets(this.#options.folder, node);
    } else if (action === 'start') {
      forgetSockets(this.#options.folder, node);
      await startNode(this.#options.engine, node.container);
      this.#swarm?.machineRestarted(node.name);
      await this.#booted(node);
    } else if (action === 'disconnect') {
      await network.disconnect({ Container: node.container, Force: true }).catch(unlessDone);
    } else {
      await network.connect({ Container: node.container, EndpointConfig: nodeEndpoint(node) }).catch(unlessDone);
    }
    const change: Partial<NodeRecord> =
      action === 'stop'
        ? { power: 'off' }
        : action === 'start'
          ? { power: 'on' }
          : { cable: action === 'connect' ? 'in' : 'out' };
    this.#save({ ...record, nodes: record.nodes.map((each) => (each === node ? { ...each, ...change } : each)) });
  }

  /** Why a task is where it is; SL_NOT_SUPPORTED where a real Swarm orchestrates, which does not tell. */
  explain(task: string): TaskExplanation {
    if (this.#swarm) return this.#swarm.explain(task);
    throw new SwarmlabError('SL_NOT_SUPPORTED', 'only the builtin orchestrator explains its tasks', {
      next: 'Make the cluster with --orchestrator builtin.',
    });
  }

  commandPrefix(node: string): string[] {
    throw new SwarmlabError('SL_NOT_SUPPORTED', `${node} is a container: its engine runs commands in it`);
  }

  async #create(): Promise<void> {
    const { engine, folder, request } = this.#options;
    const add = this.progress.add;
    await removeClusterObjects(engine, request.name);
    const image = await ensureNodeImage(engine, add);
    this.#ending.signal.throwIfAborted();
    const record = await createRecord(engine, request);
    this.#save(record);
    add(`network ${record.subnet}`);
    await this.#openSwarm(record);
    const setup: NodeSetup = { engine, record, folder, image, hostUrl: hostUrl(record) };
    const created = new Map(record.nodes.map((node) => [node.name, createNode(setup, node)]));
    const booted = async (node: NodeRecord) => {
      await created.get(node.name);
      await this.#booted(node);
      if (servesRegistry(record, node))
        await step(add, 'filling the registry', () => fillRegistry(engine, record, node));
      add(`${node.name} is up`);
    };
    try {
      await step(add, 'forming the swarm', () => formSwarm(record, folder, booted, this.#ending.signal));
    } finally {
      // A container that comes into being after the others were removed would be left behind.
      await Promise.allSettled(created.values());
    }
    this.#save({ ...record, phase: 'ready' });
  }

  /** What runs is left alone; a node that should run and does not (the machine was restarted) is started again. */
  async #adopt(record: ClusterRecord): Promise<void> {
    await this.#openSwarm(record);
    const meant = record.nodes.filter((node) => node.power === 'on');
    await Promise.all(
      meant.map(async (node) => {
        await startNode(this.#options.engine, node.container);
        await this.#booted(node);
      }),
    );
    this.progress.add(`${record.nodes.length} nodes adopted`);
  }

  async #openSwarm(record: ClusterRecord): Promise<void> {
    if (record.orchestrator !== 'builtin') return;
    this.#swarm = await BuiltinSwarm.open(record, this.#options.folder, {
      log: this.progress.add,
      changed: () => this.emit('changed'),
    });
  }

  #booted(node: NodeRecord): Promise<void> {
    return awaitNode(this.#options.engine, node.container, this.#options.folder.node(node.name), this.#ending.signal);
  }

  #ready(): ClusterRecord {
    if (this.#record && this.#phase === 'ready') return this.#record;
    throw new SwarmlabError('SL_USAGE', `cluster ${this.#options.request.name} is not ready (${this.#phase})`, {
      next: 'Wait for it, or see `swarmlab cluster ls`.',
    });
  }

  #save(record: ClusterRecord): void {
    this.#record = record;
    writeJsonFile(this.#options.folder.record, record);
  }
}

/** Stopping what does not run, or connecting what is connected, is what was wanted (304, 403, 404, 409). */
function unlessDone(error: unknown): void {
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  if (status !== 304 && status !== 403 && status !== 409) throw error;
}
