import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Disposable } from '../../../clock/clock.ts';
import { ProgramInput } from '../../../engine/simulator/programs/input.ts';
import type { CommandUser } from '../../host/hosted-cluster.ts';
import { PROJECT_ROOT } from '../../project-root.ts';
import type { ClusterFolder } from '../../state-folder.ts';
import { EmbeddedAgentApi } from '../embedded-agent-api.ts';
import type { EmbeddedCluster } from '../embedded-cluster.ts';
import type { NodeFolders, NodeReports, NodeShells } from '../node-shells.ts';
import type { DockerProgramOptions } from './docker-program.ts';
import { type ExecLine, execCall } from './exec-protocol.ts';
import { NodeMachine } from './node-machine.ts';
import { SimulatedTerminal } from './simulated-terminal.ts';

const LONGEST_CALL = 1024 * 1024;

export interface SimulatedShellsOptions {
  folder: ClusterFolder;
  cluster: EmbeddedCluster;
  dockerCli: string;
  folders: (node: string) => NodeFolders;
}

/**
 * Shells where the machine allows no sandbox: simulated, in this process, with programs that know nothing of this machine. Only `docker`
 * is real, and what may be said to it is looked at first.
 */
export class SimulatedShells implements NodeShells {
  readonly #options: SimulatedShellsOptions;
  readonly #machines: ReadonlyMap<string, NodeMachine>;
  readonly #server: Server;

  private constructor(options: SimulatedShellsOptions) {
    this.#options = options;
    this.#machines = new Map(options.cluster.plans.map((plan) => [plan.name, new NodeMachine(options.cluster, plan)]));
    this.#server = createServer({ allowHalfOpen: true }, (socket) => this.#serve(socket));
  }

  static async create(options: SimulatedShellsOptions): Promise<SimulatedShells> {
    const shells = new SimulatedShells(options);
    const path = shells.#socket;
    rmSync(path, { force: true });
    await new Promise<void>((resolve, reject) => {
      shells.#server.once('error', reject);
      shells.#server.listen(path, resolve);
    });
    chmodSync(path, 0o600);
    return shells;
  }

  /** The client runs as this process does. */
  readonly uid = undefined;
  readonly sandboxed = false;

  serveAgent(node: string, socket: string, reports: NodeReports): Promise<Disposable> {
    const machine = this.#machine(node);
    return EmbeddedAgentApi.listen(socket, {
      openTerminal: (size) => new SimulatedTerminal(machine, this.#docker(node, 'student'), size),
      files: machine.home,
      requests: async (since) => reports.requests(since),
      isConnected: async () => reports.isConnected(),
    });
  }

  command(node: string, command: readonly string[], user: CommandUser): string[] {
    const program = join(PROJECT_ROOT, 'build', 'cli', 'simulated-exec.js');
    return [process.execPath, program, this.#socket, node, user, ...command];
  }

  /** There are no ports to open: whoever asks for one is a simulated program, too. */
  reviewPorts(): void {}

  async setReachable(): Promise<void> {}

  async close(): Promise<void> {
    this.#server.close();
    rmSync(this.#socket, { force: true });
  }

  get #socket(): string {
    return join(this.#options.folder.path, 'shell.sock');
  }

  #machine(node: string): NodeMachine {
    const machine = this.#machines.get(node);
    if (machine === undefined) throw new Error(`there is no node ${node}`);
    return machine;
  }

  #docker(node: string, user: CommandUser): DockerProgramOptions {
    const { gateway, grading } = this.#options.folders(node);
    const socket = join(user === 'student' ? gateway : grading, 'docker.sock');
    return { client: this.#options.dockerCli, socket };
  }

  /** The first line says what is to be run, the rest is its input. */
  #serve(socket: Socket): void {
    let call = Buffer.alloc(0);
    socket.on('error', () => socket.destroy());
    const collect = (chunk: Buffer) => {
      call = Buffer.concat([call, chunk]);
      const end = call.indexOf('\n');
      if (end < 0 && call.length > LONGEST_CALL) socket.destroy();
      if (end < 0) return;
      socket.off('data', collect);
      this.#run(socket, call.subarray(0, end).toString(), call.subarray(end + 1)).catch(() => socket.destroy());
    };
    socket.on('data', collect);
  }

  async #run(socket: Socket, text: string, early: Buffer): Promise<void> {
    const { node, user, argv } = execCall.parse(JSON.parse(text));
    const machine = this.#machine(node);
    const killed = new AbortController();
    const input = new ProgramInput();
    const decoder = new TextDecoder();
    const feed = (chunk: Buffer) => input.write(decoder.decode(chunk, { stream: true }));
    if (early.length > 0) feed(early);
    socket.on('data', feed);
    socket.on('end', () => input.end());
    socket.on('close', () => killed.abort());
    const say = (line: ExecLine) => socket.write(`${JSON.stringify(line)}\n`);
    const context = {
      ...machine.context(),
      argv,
      killed: killed.signal,
      input,
      tty: false,
      stdout: (out: string) => void say({ stdout: out }),
      stderr: (err: string) => void say({ stderr: err }),
    };
    say({ exitCode: await machine.run(context, this.#docker(node, user)) });
    socket.end();
  }
}
