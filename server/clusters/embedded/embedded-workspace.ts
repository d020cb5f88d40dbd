import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../clock/clock.ts';
import type { TimeKeeper } from '../../clock/time-keeper.ts';
import type { NodeAction } from '../host/host-api.ts';
import type { CommandUser } from '../host/hosted-cluster.ts';
import type { Progress } from '../progress.ts';
import type { ClusterFolder } from '../state-folder.ts';
import { ensureDockerCli } from './docker-cli.ts';
import { EmbeddedCluster, type EmbeddedNodePlan } from './embedded-cluster.ts';
import { EmbeddedNodeServices } from './embedded-node-services.ts';
import type { NodeFolders, NodeShells } from './node-shells.ts';
import { sandboxProblem } from './sandbox-check.ts';
import { SandboxedShells } from './sandboxed-shells.ts';
import type { SimulatedShellsOptions } from './simulated-shell/simulated-shells.ts';

export interface EmbeddedWorkspaceOptions {
  clock: Clock;
  /** Where time is virtual: who lets it pass. */
  time?: TimeKeeper;
  name: string;
  folder: ClusterFolder;
  nodes: readonly EmbeddedNodePlan[];
  imagesOn: readonly string[];
  progress: Progress;
  log(message: string): void;
}

/** An embedded cluster with everything around it that makes it look like machines: gateways on sockets, shells, ports that are open. */
export class EmbeddedWorkspace {
  readonly cluster: EmbeddedCluster;
  readonly #options: EmbeddedWorkspaceOptions;
  readonly #shells: NodeShells;
  readonly #services = new Map<string, EmbeddedNodeServices>();
  readonly #ended = new AbortController();

  private constructor(options: EmbeddedWorkspaceOptions, cluster: EmbeddedCluster, shells: NodeShells) {
    this.#options = options;
    this.cluster = cluster;
    this.#shells = shells;
  }

  /** Makes the cluster and opens its sockets. */
  static async create(options: EmbeddedWorkspaceOptions): Promise<EmbeddedWorkspace> {
    const { clock, time, folder, nodes, imagesOn, log } = options;
    const cluster = new EmbeddedCluster({ clock, nodes, imagesOn, log });
    // What happens outside of this process takes no virtual time.
    const outside = async <T>(work: Promise<T>): Promise<T> => {
      const hold = clock.hold();
      return work.finally(() => hold.dispose());
    };
    const [dockerCli, problem] = await Promise.all([
      outside(ensureDockerCli(options.progress)),
      outside(sandboxProblem()),
      cluster.start(),
    ]);
    const folders = (node: string) => foldersOf(folder, node);
    const common = { folder, cluster, dockerCli, folders };
    if (problem !== undefined) options.progress(`shells are simulated, for there is no sandbox here (${problem})`);
    const shells =
      problem === undefined
        ? await outside(SandboxedShells.create({ ...common, time, outside, log }))
        : await outside(simulatedShells(common));
    const workspace = new EmbeddedWorkspace(options, cluster, shells);
    await Promise.all(nodes.map((plan) => workspace.#serve(plan)));
    return workspace;
  }

  /** The command line that runs `command` on a node as the student would; a grader's docker is not witnessed. */
  command(node: string, command: readonly string[], user: CommandUser = 'student'): string[] {
    return this.#shells.command(this.cluster.plan(node).name, command, user);
  }

  /** Whether commands on nodes run in sandboxes; where there are none, shells are simulated. */
  get sandboxed(): boolean {
    return this.#shells.sandboxed;
  }

  /** The log of what the student's clients asked of a node. */
  witness(node: string): EmbeddedNodeServices['witness'] | undefined {
    return this.#services.get(node)?.witness;
  }

  /** Pulls a node's power or cable, or puts it back; resolves when that has taken effect. */
  async act(node: string, action: NodeAction): Promise<void> {
    const acts = {
      stop: () => this.stop(node),
      start: () => this.power(node),
      disconnect: () => this.disconnect(node),
      connect: () => this.connect(node),
    };
    const asked = this.#options.time?.request();
    await acts[action]().finally(() => asked?.dispose());
  }

  async disconnect(node: string): Promise<void> {
    this.cluster.disconnect(node);
    await this.#shells.setReachable(node, false);
  }

  async connect(node: string): Promise<void> {
    await this.#shells.setReachable(node, true);
    this.cluster.connect(node);
  }

  async stop(node: string): Promise<void> {
    await this.#shells.setReachable(node, false);
    await this.#services.get(node)?.close();
    this.#services.delete(node);
    await this.cluster.stop(node);
  }

  async power(node: string): Promise<void> {
    await this.cluster.power(node);
    await this.#shells.setReachable(node, true);
    await this.#serve(this.cluster.plan(node));
  }

  async close(): Promise<void> {
    this.#ended.abort();
    await Promise.all([...this.#services.values()].map((services) => services.close()));
    await this.#shells.close();
    await this.cluster.close();
  }

  async #serve(plan: EmbeddedNodePlan): Promise<void> {
    const node = this.cluster.node(plan.name);
    const { gateway, grading } = foldersOf(this.#options.folder, plan.name);
    for (const path of [gateway, grading]) mkdirSync(path, { recursive: true, mode: 0o755 });
    const services = new EmbeddedNodeServices({
      cluster: this.cluster,
      plan,
      folder: this.#options.folder.node(plan.name),
      gatewaySocket: join(gateway, 'docker.sock'),
      gradingSocket: join(grading, 'docker.sock'),
      uid: this.#shells.uid,
      time: this.#options.time,
      serveAgent: (socket, reports) => this.#shells.serveAgent(plan.name, socket, reports),
      log: (message) => this.#options.log(`${plan.name}: ${message}`),
    });
    this.#services.set(plan.name, services);
    await services.start();
    node.view.onChange = () => this.#shells.reviewPorts();
    void this.#follow(plan.name);
  }

  /** Containers that come and go open and close ports of their node. */
  async #follow(name: string): Promise<void> {
    for await (const { Action } of this.cluster.node(name).engine.events(this.#ended.signal)) {
      if (Action === 'start' || Action === 'die') this.#shells.reviewPorts();
    }
  }
}

/** Loaded only where it is needed, which is hardly anywhere. */
async function simulatedShells(options: SimulatedShellsOptions): Promise<NodeShells> {
  const { SimulatedShells } = await import('./simulated-shell/simulated-shells.ts');
  return SimulatedShells.create(options);
}

function foldersOf(folder: ClusterFolder, node: string): NodeFolders {
  const { path } = folder.node(node);
  return {
    home: join(path, 'home'),
    tmp: join(path, 'tmp'),
    etc: join(path, 'etc'),
    gateway: join(path, 'gateway'),
    grading: join(path, 'grading'),
  };
}
