import type { IFileSystem } from 'just-bash';
import type { Clock, Disposable } from '../../clock/clock.ts';
import { type ContainerInspect, type ContainerLogLine, type ContainerLogOptions, EngineError } from '../engine.ts';
import type { ContainerBody } from './container-body.ts';
import { ContainerFiles } from './container-files.ts';
import { type ContainerMount, mountTable } from './container-mounts.ts';
import { containerUser } from './container-user.ts';
import type { SimulatedImage } from './images.ts';
import { LogBuffer } from './log-buffer.ts';
import { OwnFiles } from './own-files.ts';
import { ProgramIo } from './program-io.ts';
import { exitCodeOnSignal, findProgram } from './programs/catalogue.ts';
import type { Program, ProgramNetwork } from './programs/program.ts';
import { nextStart } from './programs/shell-turns.ts';
import { readOnly, type VolumeFiles } from './volume-files.ts';
import { type WantedNetworks, wantedNetworks } from './wanted-networks.ts';

/** What a container asks of the engine it lives in. */
export interface ContainerHost {
  readonly clock: Clock;
  /** Milliseconds that starting takes. */
  startDelay(container: SimulatedContainer): number;
  /** Attaches the container to its networks as it starts; disposed when it ends. */
  join(container: SimulatedContainer): { network: ProgramNetwork } & Disposable;
  /** What lies in a volume. */
  volume(name: string): VolumeFiles;
  emit(container: SimulatedContainer, action: string, attributes?: Record<string, string>): void;
}

const NEVER = '0001-01-01T00:00:00Z';

/** One simulated container: its life from created to exited, the program in it, its log and its health. */
export class SimulatedContainer {
  readonly id: string;
  readonly body: ContainerBody;
  readonly image: SimulatedImage;
  readonly created: string;
  readonly log: LogBuffer;
  readonly argv: readonly string[];
  readonly mounts: readonly ContainerMount[];
  name: string;
  /** The networks it is to be on while it runs, and what was asked of each. */
  readonly wanted: WantedNetworks;
  endpoints: ContainerInspect['NetworkSettings']['Networks'] = {};
  ports: ContainerInspect['NetworkSettings']['Ports'] = null;
  readonly state: ContainerInspect['State'] = {
    Status: 'created',
    Running: false,
    OOMKilled: false,
    Pid: 0,
    ExitCode: 0,
    Error: '',
    StartedAt: NEVER,
    FinishedAt: NEVER,
  };

  readonly #host: ContainerHost;
  readonly #waiters = new Set<() => void>();
  #files: ContainerFiles | undefined;
  #run:
    | { killed: AbortController; finish: (code: number) => void; joined: Disposable; health: Disposable | undefined }
    | undefined;
  #io: ProgramIo | undefined;
  #starts = 0;

  constructor(
    host: ContainerHost,
    identity: { id: string; name: string; mounts: readonly ContainerMount[] },
    image: SimulatedImage,
    body: ContainerBody,
  ) {
    this.#host = host;
    this.id = identity.id;
    this.name = identity.name;
    this.mounts = identity.mounts;
    this.image = image;
    this.body = body;
    this.wanted = wantedNetworks(body);
    this.created = host.clock.timestamp();
    this.log = new LogBuffer(host.clock);
    const entrypoint = body.Entrypoint ?? image.config.Entrypoint ?? [];
    const command = body.Cmd ?? (body.Entrypoint ? [] : (image.config.Cmd ?? []));
    this.argv = [...entrypoint, ...command];
  }

  /** What it has said, and goes on to say. Throws the engine's 501 where its log driver keeps nothing. */
  readLog(options: ContainerLogOptions): AsyncIterable<ContainerLogLine> {
    if (this.body.HostConfig?.LogConfig?.Type === 'none')
      throw new EngineError(501, 'configured logging driver does not support reading');
    return this.log.read(options);
  }

  get labels(): Record<string, string> {
    return { ...this.image.config.Labels, ...this.body.Labels };
  }

  get hostname(): string {
    return this.body.Hostname || this.id.slice(0, 12);
  }

  get environment(): Record<string, string> {
    const variables: Record<string, string> = {};
    for (const entry of [...this.image.config.Env, ...(this.body.Env ?? [])]) {
      const at = entry.indexOf('=');
      // A name alone takes away what the image has set.
      if (at < 0) delete variables[entry];
      else variables[entry.slice(0, at)] = entry.slice(at + 1);
    }
    return { ...variables, HOSTNAME: this.hostname };
  }

  /** Names that were given by hand, and their addresses. */
  get #extraHosts(): [name: string, address: string][] {
    const given = (this.body.HostConfig?.ExtraHosts ?? []) as string[];
    return given.map((each) => [each.slice(0, each.indexOf(':')), each.slice(each.indexOf(':') + 1)]);
  }

  /** The network as its programs see it: names given by hand come before those that a server knows. */
  #network(network: ProgramNetwork): ProgramNetwork {
    const given = new Map(this.#extraHosts);
    if (given.size === 0) return network;
    const resolve = (name: string) => (given.has(name) ? [given.get(name) ?? ''] : network.resolve(name));
    return {
      nameserver: network.nameserver,
      resolve,
      reaches: (address) => network.reaches(address),
      request: (...request) => network.request(...request),
      listen: (...port) => network.listen(...port),
    };
  }

  /** The container's files, with what every container has. */
  files(): ContainerFiles {
    this.#files ??= new ContainerFiles(
      {
        ...Object.fromEntries(this.image.files),
        '/etc/hostname': `${this.hostname}\n`,
        '/etc/hosts': `127.0.0.1\tlocalhost\n${this.#extraHosts.map(([name, address]) => `${address}\t${name}\n`).join('')}`,
        '/proc/mounts': mountTable(this.mounts),
        '/tmp/.keep': '',
      },
      this.#mountedFiles(),
    );
    return this.#files;
  }

  /** What is mounted and where; nothing of this machine ever is. */
  #mountedFiles(): Map<string, IFileSystem> {
    const kept = this.mounts.filter(({ type }) => type !== 'bind');
    return new Map(
      kept.map(({ type, source, target, readOnly: fixed }) => {
        const files = type === 'volume' ? this.#host.volume(source).mount(target, this.image.files) : new OwnFiles();
        return [target, fixed ? readOnly(files) : files];
      }),
    );
  }

  /** The first program's streams, also before it starts: `docker run` attaches first. */
  io(): ProgramIo {
    this.#io ??= new ProgramIo({
      tty: this.body.Tty === true,
      open: this.body.OpenStdin === true,
      onInterrupt: () => this.state.Running && this.kill('SIGINT'),
    });
    return this.#io;
  }

  /** Starts the program; rejects as the engine does when it is not in the image. Starting a running container changes nothing. */
  async start(): Promise<void> {
    if (this.state.Running) return;
    const held = this.#host.clock.hold();
    await nextStart();
    held.dispose();
    if (this.state.Running) return;
    const delay = this.#host.startDelay(this);
    if (delay > 0) await new Promise<void>((resolve) => this.#host.clock.after(delay, resolve));
    const user = containerUser(this.body.User);
    const program = this.#program();
    const killed = new AbortController();
    const joined = this.#host.join(this);
    this.#starts++;
    Object.assign(this.state, {
      Status: 'running',
      Running: true,
      OOMKilled: false,
      Pid: 1000 + (Number.parseInt(this.id.slice(0, 6), 16) % 30_000) + this.#starts,
      ExitCode: 0,
      Error: '',
      StartedAt: this.#host.clock.timestamp(),
    });
    this.log.open();
    const network = this.#network(joined.network);
    const io = this.io();
    const print = (stream: 'stdout' | 'stderr', text: string) => {
      this.log.write(stream, text);
      io.print(stream, text);
    };
    let finished = false;
    const finish = (code: number) => {
      if (finished) return;
      finished = true;
      this.#ended(code);
    };
    this.#run = { killed, finish, joined, health: undefined };
    this.#host.emit(this, 'start');
    this.#watchHealth();
    program({
      argv: this.argv,
      env: this.environment,
      cwd: this.body.WorkingDir || this.image.config.WorkingDir || '/',
      hostname: this.hostname,
      user,
      clock: this.#host.clock,
      killed: killed.signal,
      network,
      input: io.input,
      tty: io.tty,
      files: () => this.files(),
      exhaustMemory: () => this.outOfMemory(),
      stdout: (text) => !finished && print('stdout', text),
      stderr: (text) => !finished && print('stderr', text),
    }).then(finish, (error: Error) => {
      this.log.write('stderr', `${error.message}\n`);
      finish(1);
    });
  }

  /** What it runs. Where that is not in the image the container has failed to start, as the engine tells it. */
  #program(): Program {
    const program = findProgram(this.argv);
    if (program !== undefined) return program;
    const missing = this.argv[0] ?? '';
    const reason = missing.includes('/')
      ? `exec: "${missing}": stat ${missing}: no such file or directory`
      : `exec: "${missing}": executable file not found in $PATH`;
    const text = `failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: ${reason}: unknown`;
    Object.assign(this.state, { ExitCode: 127, Error: text });
    throw new EngineError(400, text);
  }

  /** Sends a signal to the first process, which may take no notice of it. */
  kill(signal: string): void {
    if (this.#run === undefined) throw new EngineError(409, `container ${this.id} is not running`);
    this.#host.emit(this, 'kill', { signal });
    const code = exitCodeOnSignal(this.argv, signal, this.body.HostConfig?.Init === true);
    if (code !== undefined) this.#run.finish(code);
  }

  /** The stop signal, and after the grace period SIGKILL; resolves when the container has ended. */
  async stop(graceSeconds = this.body.StopTimeout ?? 10): Promise<void> {
    if (this.#run === undefined) return;
    const ended = this.wait();
    this.kill(this.body.StopSignal ?? this.image.config.StopSignal ?? 'SIGTERM');
    const timer = this.#host.clock.after(graceSeconds * 1000, () => this.state.Running && this.kill('SIGKILL'));
    await ended;
    timer.dispose();
    this.#host.emit(this, 'stop');
  }

  /** Ends the container as the kernel's memory limit would. */
  outOfMemory(): void {
    if (this.#run === undefined) return;
    this.state.OOMKilled = true;
    this.#host.emit(this, 'oom');
    this.#run.finish(137);
  }

  /** Ends the container as its program would that exits by itself. */
  crash(code: number): void {
    this.#run?.finish(code);
  }

  /** Resolves when the container is not running. */
  wait(): Promise<void> {
    return this.state.Running ? new Promise((resolve) => this.#waiters.add(resolve)) : Promise.resolve();
  }

  /** Resolves when the container, started meanwhile or later, ends the next time. */
  nextExit(): Promise<void> {
    return new Promise((resolve) => this.#waiters.add(resolve));
  }

  #ended(code: number): void {
    const run = this.#run;
    this.#run = undefined;
    this.#io = undefined;
    run?.killed.abort();
    run?.health?.dispose();
    run?.joined.dispose();
    Object.assign(this.state, {
      Status: 'exited',
      Running: false,
      Pid: 0,
      ExitCode: code,
      FinishedAt: this.#host.clock.timestamp(),
    });
    this.log.close();
    this.#host.emit(this, 'die', { exitCode: String(code) });
    this.#tellWaiters();
  }

  /** The engine has let go of the container: nobody needs to wait for it any longer. */
  removed(): void {
    this.#tellWaiters();
  }

  #tellWaiters(): void {
    for (const waiter of [...this.#waiters]) waiter();
    this.#waiters.clear();
  }

  #watchHealth(): void {
    const check = this.body.Healthcheck;
    const [kind, ...command] = check?.Test ?? [];
    if (check == null || kind === undefined || kind === 'NONE') return;
    const argv = kind === 'CMD-SHELL' ? ['sh', '-c', command.join(' ')] : command;
    const interval = (check.Interval || 30e9) / 1e6;
    const retries = check.Retries || 3;
    let failures = 0;
    this.state.Health = { Status: 'starting' };
    const probe = async () => {
      const run = this.#run;
      if (run === undefined) return;
      const code = await this.execute(argv);
      if (this.#run !== run || this.state.Health === undefined) return;
      failures = code === 0 ? 0 : failures + 1;
      const status = code === 0 ? 'healthy' : failures >= retries ? 'unhealthy' : this.state.Health.Status;
      if (status !== this.state.Health.Status) {
        this.state.Health = { Status: status };
        this.#host.emit(this, `health_status: ${status}`);
      }
      run.health = this.#host.clock.after(interval, probe);
    };
    if (this.#run !== undefined) this.#run.health = this.#host.clock.after(interval, probe);
  }

  /** Runs a program beside the first one, as `docker exec` and health checks do; gives its exit code. */
  async execute(
    argv: readonly string[],
    options: { io?: ProgramIo; env?: Record<string, string>; cwd?: string; user?: string } = {},
  ): Promise<number> {
    const run = this.#run;
    if (run === undefined) throw new EngineError(409, `container ${this.id} is not running`);
    const io = options.io ?? new ProgramIo({ tty: false, open: false, onInterrupt: () => {} });
    const program = findProgram(argv);
    if (program === undefined) {
      const text = `OCI runtime exec failed: exec failed: unable to start container process: exec: "${argv[0]}": executable file not found in $PATH: unknown`;
      io.print('stdout', `${text}\n`);
      return 126;
    }
    const joined = this.#host.join(this);
    try {
      return await program({
        argv,
        env: { ...this.environment, ...options.env },
        cwd: options.cwd ?? (this.body.WorkingDir || '/'),
        hostname: this.hostname,
        user: containerUser(options.user ?? this.body.User),
        clock: this.#host.clock,
        killed: run.killed.signal,
        network: this.#network(joined.network),
        input: io.input,
        tty: io.tty,
        files: () => this.files(),
        // The kernel ends what took the memory, and that is not the first process.
        exhaustMemory: () => this.#host.emit(this, 'oom'),
        stdout: (text) => io.print('stdout', text),
        stderr: (text) => io.print('stderr', text),
      });
    } finally {
      joined.dispose();
    }
  }
}
