import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Disposable } from '../../clock/clock.ts';
import type { TimeKeeper } from '../../clock/time-keeper.ts';
import type { CommandUser } from '../host/hosted-cluster.ts';
import type { ClusterFolder } from '../state-folder.ts';
import { AgentThread } from './agent-thread/agent-thread.ts';
import { ClusterNamespaces } from './cluster-namespaces.ts';
import { ControlGroup } from './control-group.ts';
import type { EmbeddedCluster } from './embedded-cluster.ts';
import type { NodeFolders, NodeReports, NodeShells } from './node-shells.ts';
import { OpenPorts } from './open-ports.ts';
import { type SandboxUser, takeSandboxUser } from './sandbox-user.ts';
import { etcFiles, sandboxed } from './shell-sandbox.ts';
import { systemCallFilter } from './system-call-filter.ts';
import { writeSleepers } from './time-server.ts';
import { writeFiles } from './write-files.ts';

export interface SandboxedShellsOptions {
  folder: ClusterFolder;
  cluster: EmbeddedCluster;
  /** Where time is virtual: programs that sleep are others there. */
  time: TimeKeeper | undefined;
  dockerCli: string;
  folders: (node: string) => NodeFolders;
  /** Goes around what is awaited outside of this process. */
  outside<T>(work: Promise<T>): Promise<T>;
  log(message: string): void;
}

/** Real shells with the machine's own programs, each node's in a sandbox, on a network and under limits of the cluster's own. */
export class SandboxedShells implements NodeShells {
  readonly #options: SandboxedShellsOptions;
  readonly #namespaces: ClusterNamespaces;
  /** Whom the shells run as, and under which limits, where this program is root. */
  readonly #user: SandboxUser | undefined;
  readonly #group: ControlGroup | undefined;
  readonly #filter: string | undefined;
  readonly #ports: OpenPorts;
  /** What takes the place of programs of the machine, by their names. */
  readonly #instead: Readonly<Record<string, string>>;

  private constructor(
    options: SandboxedShellsOptions,
    namespaces: ClusterNamespaces,
    user: SandboxUser | undefined,
    filter: string | undefined,
  ) {
    this.#options = options;
    this.#namespaces = namespaces;
    this.#user = user;
    this.#filter = filter;
    this.#group = user === undefined ? undefined : ControlGroup.make(options.folder);
    this.#ports = new OpenPorts(options.cluster, namespaces, options.time, options.log);
    this.#instead = options.time === undefined ? {} : writeSleepers(options.folder.path);
  }

  /** Rejects where the machine allows no sandbox. */
  static async create(options: SandboxedShellsOptions): Promise<SandboxedShells> {
    const { folder, cluster, folders } = options;
    const user = process.getuid?.() === 0 ? takeSandboxUser(folder) : undefined;
    const namespaces = await ClusterNamespaces.create({
      addresses: cluster.plans.map(({ address }) => address),
      homes: cluster.plans.map((plan) => folders(plan.name).home),
      uid: user?.uid,
    });
    for (const plan of cluster.plans) writeFiles(folders(plan.name).etc, etcFiles(cluster.plans, user?.uid));
    const program = systemCallFilter();
    const filter = program === undefined ? undefined : join(folder.path, 'shells.bpf');
    if (filter !== undefined && program !== undefined) writeFileSync(filter, program, { mode: 0o600 });
    return new SandboxedShells(options, namespaces, user, filter);
  }

  readonly sandboxed = true;

  get uid(): number | undefined {
    return this.#user?.uid;
  }

  serveAgent(node: string, socket: string, reports: NodeReports): Promise<Disposable> {
    return AgentThread.start().serve(socket, this.command(node, [], 'student'), reports);
  }

  command(node: string, command: readonly string[], user: CommandUser): string[] {
    const { home, tmp, etc, gateway, grading } = this.#options.folders(node);
    return sandboxed(
      {
        hostname: this.#options.cluster.plan(node).hostname,
        home,
        tmp,
        etc,
        gateway: user === 'student' ? gateway : grading,
        dockerCli: this.#options.dockerCli,
        controlGroups: this.#group?.entrances ?? [],
        systemCallFilter: this.#filter,
        enter: this.#namespaces.enter,
        uid: this.uid,
        instead: this.#instead,
      },
      command,
    );
  }

  reviewPorts(): void {
    this.#ports.review();
  }

  async setReachable(node: string, reachable: boolean): Promise<void> {
    const { address } = this.#options.cluster.plan(node);
    const done = reachable ? this.#namespaces.addAddress(address) : this.#namespaces.removeAddress(address);
    await this.#options.outside(done);
  }

  async close(): Promise<void> {
    this.#ports.close();
    this.#namespaces.dispose();
    await this.#group?.remove();
    this.#user?.release();
  }
}
