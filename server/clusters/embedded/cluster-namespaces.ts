import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Bytes that a student's files on one node may take, and how many files and folders there may be. */
const HOME_LIMIT = 64 * 1024 * 1024;
const HOME_FILES = 8192;
/** The same of what lies in one node's /tmp. */
const TMP_LIMIT = 32 * 1024 * 1024;

/** Everything in one process, and one more for all of `ip`'s work: a cluster is to be ready in a moment. */
const SET_UP = `
  addresses=$1 options=$2 tmp=$3; shift 3
  { echo link set lo up; for each in $addresses; do echo "address replace $each/32 dev lo"; done; } | ip -batch - || exit 1
  echo "0 2147483647" > /proc/sys/net/ipv4/ping_group_range
  for home; do
    mount -t tmpfs -o "$options" swarmlab-home "$home" & mounts="$mounts $!"
    mount -t tmpfs -o "$tmp" swarmlab-tmp "$home/../tmp" & mounts="$mounts $!"
  done
  for each in $mounts; do wait "$each" || exit 1; done
  echo ready; exec cat`;

export interface NamespaceContents {
  /** Answered in the network namespace. */
  addresses: readonly string[];
  /**
   * Folders that are file systems of limited size in the mount namespace, so that a full one harms nobody else; so are the folders `tmp`
   * beside them, for everybody on the node.
   */
  homes: readonly string[];
  /** Whose the homes are; undefined: this process's own user's. */
  uid: number | undefined;
}

/**
 * The namespaces of one embedded cluster: a network in which its nodes' addresses live, and mounts for the student's files. They belong to
 * a process that does nothing, and go with it: nothing is left on the machine when the cluster's host dies. Needs root, or user namespaces.
 */
export class ClusterNamespaces {
  readonly #holder: ChildProcess;
  readonly #asUser: boolean;

  private constructor(holder: ChildProcess, asUser: boolean) {
    this.#holder = holder;
    this.#asUser = asUser;
  }

  /** Rejects where the machine allows no new namespaces. */
  static async create({ addresses, homes, uid }: NamespaceContents): Promise<ClusterNamespaces> {
    for (const folder of homes.flatMap((home) => [home, join(dirname(home), 'tmp')]))
      mkdirSync(folder, { recursive: true, mode: 0o755 });
    const asUser = process.getuid?.() !== 0;
    const flags = ['--net', '--mount', ...(asUser ? ['--user', '--map-root-user'] : [])];
    const owner = uid === undefined ? '' : `,uid=${uid},gid=${uid}`;
    const options = `size=${HOME_LIMIT},nr_inodes=${HOME_FILES},mode=0755,nosuid,nodev${owner}`;
    const tmp = `size=${TMP_LIMIT},nr_inodes=${HOME_FILES},mode=1777,nosuid,nodev`;
    // `cat` ends when this process does: its input is a pipe that nobody else holds.
    const holder = spawn('unshare', [...flags, 'sh', '-c', SET_UP, 'sh', addresses.join(' '), options, tmp, ...homes], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const ended = once(holder, 'exit').then(() => {
      throw new Error('this machine allows no namespaces');
    });
    await Promise.race([
      once(holder.stdout, 'data'),
      ended,
      once(holder, 'error').then(([error]) => Promise.reject(error)),
    ]);
    ended.catch(() => undefined);
    return new ClusterNamespaces(holder, asUser);
  }

  /** The words before a command that is to run inside. */
  get enter(): string[] {
    const target = ['-t', String(this.#holder.pid)];
    return ['nsenter', ...target, ...(this.#asUser ? ['-U', '--preserve-credentials'] : []), '-n', '-m', '--'];
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
