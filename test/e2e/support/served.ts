import { type ChildProcess, spawn } from 'node:child_process';
import { PROJECT_ROOT } from '../../../server/clusters/project-root.ts';

const START_LIMIT = 60_000;

/** A running `serve`, as its own process: what it said, and ways to end it. */
export class Served {
  readonly port: number;
  /** The one-time link that it printed. */
  readonly signInLink: string;
  readonly #child: ChildProcess;
  readonly #said: () => string;
  readonly #ended: Promise<number | undefined>;

  private constructor(port: number, child: ChildProcess, said: () => string, ended: Promise<number | undefined>) {
    this.port = port;
    this.#child = child;
    this.#said = said;
    this.#ended = ended;
    this.signInLink = /^Open {2}(\S+)$/m.exec(said())?.[1] ?? '';
  }

  /** Starts `node ARGS` (or another program) with a state folder, and waits until it has printed its link. */
  static async start(
    args: readonly string[],
    port: number,
    state: string,
    program: string = process.execPath,
  ): Promise<Served> {
    const child = spawn(program, args, {
      cwd: PROJECT_ROOT,
      env: { ...process.env, SWARMLAB_STATE: state, npm_config_loglevel: 'error' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    const ended = new Promise<number | undefined>((done) => child.once('exit', (code) => done(code ?? undefined)));
    await new Promise<void>((done, fail) => {
      const timer = setTimeout(() => fail(new Error(`serve does not come up: ${said}`)), START_LIMIT);
      const listen = (chunk: Buffer) => {
        said += chunk.toString();
        if (!/^Open {2}\S+$/m.test(said)) return;
        clearTimeout(timer);
        done();
      };
      child.stdout.on('data', listen);
      child.stderr.on('data', listen);
      void ended.then(() => fail(new Error(`serve ended: ${said}`)));
    });
    return new Served(port, child, () => said, ended);
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Everything that it has printed. */
  get output(): string {
    return this.#said();
  }

  /** As `kill -9` does. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  /** As Ctrl-C does; resolves with its exit code. */
  interrupt(): Promise<number | undefined> {
    return this.end('SIGINT');
  }

  /** As `kill` of this one process does; resolves with its exit code. */
  end(signal: NodeJS.Signals): Promise<number | undefined> {
    this.#child.kill(signal);
    return this.#ended;
  }
}
