import { EventEmitter } from 'node:events';
import { rmSync } from 'node:fs';
import { RealClock } from '../../clock/real-clock.ts';
import { SwarmlabError } from '../../errors/swarmlab-error.ts';
import type { TaskExplanation } from '../../orchestrator/api/explain.ts';
import {
  type ClusterRecord,
  type ClusterRequest,
  clusterRecord,
  nodeOf,
  readJsonFile,
  writeJsonFile,
} from '../cluster-record.ts';
import type { HostState, NodeAction } from '../host/host-api.ts';
import type { CommandUser, HostedCluster, HostedClusterEvents } from '../host/hosted-cluster.ts';
import { ProgressLog } from '../host/progress-log.ts';
import { step } from '../progress.ts';
import type { ClusterFolder } from '../state-folder.ts';
import { embeddedRecord } from './embedded-record.ts';
import { EmbeddedWorkspace } from './embedded-workspace.ts';

/**
 * Owns one cluster of embedded nodes. Their engines live in this process: when it dies their containers are gone, and a host that takes
 * the cluster up again makes it anew, empty.
 */
export class EmbeddedHost extends EventEmitter<HostedClusterEvents> implements HostedCluster {
  readonly progress = new ProgressLog();
  readonly #folder: ClusterFolder;
  readonly #request: ClusterRequest;
  #record: ClusterRecord | undefined;
  #phase: HostState['phase'] = 'creating';
  #failure: SwarmlabError | undefined;
  #workspace: EmbeddedWorkspace | undefined;

  constructor(options: { folder: ClusterFolder; request: ClusterRequest }) {
    super();
    this.#folder = options.folder;
    this.#request = options.request;
    this.#record = readJsonFile(options.folder.record, clusterRecord);
  }

  state(): HostState {
    const failure = this.#failure;
    return {
      phase: this.#phase,
      progress: [...this.progress.entries],
      ...(this.#record && { record: this.#record }),
      ...(failure && { failure: { code: failure.code, message: failure.message, next: failure.next } }),
    };
  }

  async run(): Promise<void> {
    try {
      if (this.#request.orchestrator === 'swarm') {
        throw new SwarmlabError('SL_USAGE', 'embedded nodes have no real Swarm', {
          next: 'Leave --orchestrator out, or use --nodes dind.',
        });
      }
      const record = this.#record ?? embeddedRecord(this.#request);
      this.#save(record);
      this.#workspace = await step(this.progress.add, 'starting four simulated nodes', () =>
        EmbeddedWorkspace.create({
          clock: new RealClock(),
          name: record.name,
          folder: this.#folder,
          nodes: record.nodes,
          imagesOn: record.imagesOn,
          progress: this.progress.add,
          log: (message) => process.stderr.write(`${record.name}: ${message}\n`),
        }),
      );
      this.#workspace.cluster.onChange(() => this.emit('changed'));
      this.#save({ ...record, phase: 'ready' });
      this.#phase = 'ready';
    } catch (error) {
      this.#failure =
        error instanceof SwarmlabError ? error : new SwarmlabError('SL_INTERNAL', String(error), { cause: error });
      this.#phase = 'failed';
    }
    this.emit('settled');
  }

  async down(): Promise<void> {
    this.#phase = 'removing';
    await this.#workspace?.close();
    rmSync(this.#folder.path, { recursive: true, force: true });
    this.emit('removed');
  }

  async act(name: string, action: NodeAction): Promise<void> {
    const workspace = this.#ready();
    await workspace.act(nodeOf(this.#recorded(), name).name, action);
  }

  explain(task: string): TaskExplanation {
    const workspace = this.#ready();
    const manager = workspace.cluster.plans.find(
      ({ name }) => workspace.cluster.fleet.machine(name).role() === 'manager',
    );
    if (manager === undefined) throw new SwarmlabError('SL_USAGE', 'no node is a manager of a swarm');
    return workspace.cluster.fleet.machine(manager.name).control().tasks.explain(task);
  }

  commandPrefix(node: string, user: CommandUser): string[] {
    return this.#ready().command(nodeOf(this.#recorded(), node).name, [], user);
  }

  #recorded(): ClusterRecord {
    if (this.#record) return this.#record;
    throw new SwarmlabError('SL_INTERNAL', 'the cluster has no record');
  }

  #ready(): EmbeddedWorkspace {
    if (this.#workspace && this.#phase === 'ready') return this.#workspace;
    throw new SwarmlabError('SL_USAGE', `cluster ${this.#request.name} is not ready (${this.#phase})`, {
      next: 'Wait for it, or see `swarmlab cluster ls`.',
    });
  }

  #save(record: ClusterRecord): void {
    this.#record = record;
    writeJsonFile(this.#folder.record, record);
  }
}
