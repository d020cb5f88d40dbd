import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../clock/clock.ts';
import type { CommandUser } from '../host/hosted-cluster.ts';
import type { Progress } from '../progress.ts';
import type { ClusterFolder } from '../state-folder.ts';
import { ControlGroup } from './control-group.ts';
import { ensureDockerCli } from './docker-cli.ts';
import { EmbeddedCluster, type EmbeddedNodePlan } from './embedded-cluster.ts';
import { EmbeddedNodeServices, writeFiles } from './embedded-node-services.ts';
import { NetworkNamespace } from './network-namespace.ts';
import { OpenPorts } from './open-ports.ts';
import { type SandboxUser, takeSandboxUser } from './sandbox-user.ts';
import { etcFiles, sandboxed } from './shell-sandbox.ts';
import { makeHomes, unmountHomes } from './student-homes.ts';

export interface EmbeddedWorkspaceOptions {
  clock: Clock;
  name: string;
  folder: ClusterFolder;
  nodes: readonly EmbeddedNodePlan[];
  imagesOn: readonly string[];
  progress: Progress;
  log(message: string): void;
}

/**
 * An embedded cluster with everything around it that makes it look like machines: gateways on sockets, addresses in a network namespace,
 * ports that really are open, and sandboxed shells.
 */
export class EmbeddedWorkspace {
  readonly cluster: EmbeddedCluster;
  readonly #options: EmbeddedWorkspaceOptions;
  readonly #namespace: NetworkNamespace;
  readonly #ports: OpenPorts;
  readonly #services = new Map<string, EmbeddedNodeServices>();
  readonly #dockerCli: string;
  /** Whom the shells run as, and under which limits, where this program is root. */
  readonly #user: SandboxUser | undefined;
  readonly #group: ControlGroup | undefined;
  readonly #ended = new AbortController();

  private constructor(options: EmbeddedWorkspaceOptions, namespace: NetworkNamespace, dockerCli: string) {
    const { clock, nodes, imagesOn, log } = options;
    this.#options = options;
    this.#namespace = namespace;
    this.#dockerCli = dockerCli;
    const root = process.getuid?.() === 0;
    this.#user = root ? takeSandboxUser(options.name) : undefined;
    this.#group = root ? ControlGroup.make(options.name) : undefined;
    this.cluster = new EmbeddedCluster({ clock, nodes, imagesOn, log });
    this.#ports = new OpenPorts(this.cluster, namespace, log);
  }

  /** Makes the cluster and opens its sockets. Rejects where the machine allows no sandbox. */
  static async create(options: EmbeddedWorkspaceOptions): Promise<EmbeddedWorkspace> {
    const addresses = options.nodes.map(({ address }) => address);
    const [dockerCli, namespace] = await Promise.all([
      ensureDockerCli(options.progress),
      NetworkNamespace.create(addresses),
    ]);
    const workspace = new EmbeddedWorkspace(options, namespace, dockerCli);
    await workspace.#start();
    return workspace;
  }

  /** The command line that runs `command` on a node as the student would; a grader's docker is not witnessed. */
  command(node: string, command: readonly string[], user: CommandUser = 'student'): string[] {
    const plan = this.cluster.plan(node);
    return sandboxed(
      {
        hostname: plan.hostname,
        home: this.#path(node, 'home'),
        etc: this.#path(node, 'etc'),
        gateway: user === 'student' ? this.#path(node, 'gateway') : this.#path(node, 'grading'),
        dockerCli: this.#dockerCli,
        enter: [...(this.#group?.enter ?? []), ...this.#namespace.enter],
        uid: this.#user?.uid,
      },
      command,
    );
  }

  /** The log of what the student's clients asked of a node. */
  witness(node: string): EmbeddedNodeServices['witness'] | undefined {
    return this.#services.get(node)?.witness;
  }

  async disconnect(node: string): Promise<void> {
    this.cluster.disconnect(node);
    await this.#namespace.removeAddress(this.cluster.plan(node).address);
  }

  async connect(node: string): Promise<void> {
    await this.#namespace.addAddress(this.cluster.plan(node).address);
    this.cluster.connect(node);
  }

  async stop(node: string): Promise<void> {
    await this.#namespace.removeAddress(this.cluster.plan(node).address);
    await this.#services.get(node)?.close();
    this.#services.delete(node);
    await this.cluster.stop(node);
  }

  async power(node: string): Promise<void> {
    await this.cluster.power(node);
    await this.#namespace.addAddress(this.cluster.plan(node).address);
    await this.#serve(this.cluster.plan(node));
  }

  async close(): Promise<void> {
    this.#ended.abort();
    this.#ports.close();
    await Promise.all([...this.#services.values()].map((services) => services.close()));
    await this.cluster.close();
    this.#namespace.dispose();
    await this.#group?.remove();
    await unmountHomes(this.#homes(), this.#user?.uid);
    this.#user?.release();
  }

  async #start(): Promise<void> {
    const { nodes } = this.#options;
    await Promise.all([
      makeHomes(this.#homes(), this.#user?.uid),
      this.cluster.start(),
      ...nodes.map((plan) => this.#serve(plan)),
    ]);
  }

  async #serve(plan: EmbeddedNodePlan): Promise<void> {
    const node = this.cluster.node(plan.name);
    writeFiles(this.#path(plan.name, 'etc'), etcFiles(this.#options.nodes, this.#user?.uid));
    const gateway = this.#path(plan.name, 'gateway');
    const grading = this.#path(plan.name, 'grading');
    for (const path of [gateway, grading]) mkdirSync(path, { recursive: true, mode: 0o755 });
    const services = new EmbeddedNodeServices({
      cluster: this.cluster,
      plan,
      folder: this.#options.folder.node(plan.name),
      gatewaySocket: join(gateway, 'docker.sock'),
      gradingSocket: join(grading, 'docker.sock'),
      uid: this.#user?.uid,
      shell: () => this.command(plan.name, ['bash', '--login']),
      log: (message) => this.#options.log(`${plan.name}: ${message}`),
    });
    this.#services.set(plan.name, services);
    await services.start();
    node.view.onChange = () => this.#ports.review();
    void this.#follow(plan.name);
  }

  /** Containers that come and go open and close ports of their node. */
  async #follow(name: string): Promise<void> {
    for await (const { Action } of this.cluster.node(name).engine.events(this.#ended.signal)) {
      if (Action === 'start' || Action === 'die') this.#ports.review();
    }
  }

  #homes(): string[] {
    return this.#options.nodes.map(({ name }) => this.#path(name, 'home'));
  }

  #path(node: string, part: string): string {
    return join(this.#options.folder.node(node).path, part);
  }
}
