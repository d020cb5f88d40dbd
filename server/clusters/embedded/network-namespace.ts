import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Everything in one process, and one more for all of `ip`'s work: a cluster is to be ready in a moment. */
const SET_UP = `
  { echo link set lo up; for address; do echo "address replace $address/32 dev lo"; done; } | ip -batch - || exit 1
  echo "0 2147483647" > /proc/sys/net/ipv4/ping_group_range
  echo ready; exec cat`;

/**
 * A network namespace for one embedded cluster, in which its nodes' addresses live. It belongs to a process that does nothing, and goes
 * with it: nothing is left on the machine when the cluster's host dies. Needs root, or user namespaces.
 */
export class NetworkNamespace {
  readonly #holder: ChildProcess;
  readonly #asUser: boolean;

  private constructor(holder: ChildProcess, asUser: boolean) {
    this.#holder = holder;
    this.#asUser = asUser;
  }

  /** A namespace in which these addresses are answered. Rejects where the machine allows no new one. */
  static async create(addresses: readonly string[] = []): Promise<NetworkNamespace> {
    const asUser = process.getuid?.() !== 0;
    const flags = asUser ? ['--user', '--map-root-user'] : [];
    // `cat` ends when this process does: its input is a pipe that nobody else holds.
    const holder = spawn('unshare', [...flags, '--net', 'sh', '-c', SET_UP, 'sh', ...addresses], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const ended = once(holder, 'exit').then(() => {
      throw new Error('this machine allows no network namespace');
    });
    await Promise.race([
      once(holder.stdout, 'data'),
      ended,
      once(holder, 'error').then(([error]) => Promise.reject(error)),
    ]);
    ended.catch(() => undefined);
    return new NetworkNamespace(holder, asUser);
  }

  /** The words before a command that is to run inside. */
  get enter(): string[] {
    const target = ['-t', String(this.#holder.pid)];
    return ['nsenter', ...target, ...(this.#asUser ? ['-U', '--preserve-credentials'] : []), '-n', '--'];
  }

  async addAddress(address: string): Promise<void> {
    await this.run(`ip address replace ${address}/32 dev lo`);
  }

  async removeAddress(address: string): Promise<void> {
    await this.run(`ip address del ${address}/32 dev lo 2>/dev/null || true`);
  }

  async run(script: string): Promise<string> {
    const [file = '', ...args] = [...this.enter, 'sh', '-c', script];
    return (await run(file, args)).stdout;
  }

  dispose(): void {
    this.#holder.kill('SIGKILL');
  }
}
