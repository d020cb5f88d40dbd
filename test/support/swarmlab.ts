import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';

const COMMAND = resolve(import.meta.dirname, '..', '..', 'bin', 'swarmlab.mjs');

/** Longer than anything takes; a command that hangs is to be seen as such, with what it has said so far. */
const LIMIT = 220_000;

export interface Outcome {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** The `swarmlab` command with a state folder of its own, as a user would call it. */
export class Swarmlab {
  /** Short, because sockets lie in it. */
  readonly state = mkdtempSync(join(tmpdir(), 'sl-'));

  /** Runs a command to its end; `machine` says what is different about where it runs, and how many milliseconds it may take. */
  async run(
    args: readonly string[],
    input = '',
    machine: { cwd?: string; env?: Record<string, string>; limit?: number } = {},
  ): Promise<Outcome> {
    const child = spawn(process.execPath, [COMMAND, ...args], {
      ...(machine.cwd === undefined ? {} : { cwd: machine.cwd }),
      env: { ...process.env, SWARMLAB_STATE: this.state, ...machine.env },
    });
    const ended = new Promise<number>((done) => child.once('exit', (code) => done(code ?? -1)));
    const timer = setTimeout(() => child.kill('SIGKILL'), machine.limit ?? LIMIT);
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    clearTimeout(timer);
    return { exitCode, stdout, stderr };
  }

  /** Runs a command that must succeed, and gives what it printed. */
  async print(...args: string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await this.run(args);
    if (exitCode !== 0) throw new Error(`swarmlab ${args.join(' ')} exited with ${exitCode}: ${stderr}`);
    return stdout;
  }

  /** Runs a shell command in a node as the student. */
  exec(cluster: string, node: string, script: string, input = ''): Promise<Outcome> {
    return this.run(['cluster', 'exec', cluster, node, '--', 'sh', '-c', script], input);
  }

  /** Removes the clusters and the state folder. */
  async dispose(): Promise<void> {
    const clusters: { name: string }[] = JSON.parse(await this.print('cluster', 'ls', '--json'));
    for (const { name } of clusters) await this.run(['cluster', 'down', name]);
    rmSync(this.state, { recursive: true, force: true });
  }
}
