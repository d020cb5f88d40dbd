import { chmodSync, mkdirSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { isDiskFull } from '../errors/disk-full.ts';
import { SwarmlabError } from '../errors/swarmlab-error.ts';

/** Longest path of a unix socket (sockaddr_un.sun_path without its final zero byte). */
const LONGEST_SOCKET_PATH = 107;

/** Where clusters, keys and logs are kept: $SWARMLAB_STATE, else the XDG state folder. Owner only. */
export function stateFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const own = environment.SWARMLAB_STATE;
  if (own) return own;
  return join(environment.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'swarmlab');
}

/** Makes a folder that only its owner can enter, and those above it that are missing; gives its path. SL_USAGE where it cannot be. */
export function makePrivateFolder(path: string): string {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    chmodSync(path, 0o700);
    return path;
  } catch (cause) {
    if (isDiskFull(cause)) throw cause;
    throw new SwarmlabError('SL_USAGE', `clusters cannot be kept: ${cause instanceof Error ? cause.message : cause}`, {
      next: 'Set SWARMLAB_STATE to a folder that you may write in.',
      cause,
    });
  }
}

/** One cluster's folder in the state folder, and what lies where in it. */
export class ClusterFolder {
  readonly name: string;
  readonly path: string;

  constructor(name: string, state: string = stateFolder()) {
    this.name = name;
    this.path = join(state, 'clusters', name);
  }

  /** What was asked for; written by whoever makes the cluster, never changed. */
  get request(): string {
    return join(this.path, 'request.json');
  }

  /** What the cluster is; written by its host. */
  get record(): string {
    return join(this.path, 'cluster.json');
  }

  get store(): string {
    return join(this.path, 'store.db');
  }

  get hostLog(): string {
    return join(this.path, 'host.log');
  }

  /** The host's process ID; the file is locked as long as the host lives. */
  get hostLock(): string {
    return join(this.path, 'host.pid');
  }

  /** The host's own API; no node sees it. */
  get hostSocket(): string {
    return checkedSocket(join(this.path, 'host.sock'));
  }

  /** Mounted into every node, so that their gateways reach the builtin orchestrator. */
  get hostFolder(): string {
    return join(this.path, 'host');
  }

  get swarmSocket(): string {
    return checkedSocket(join(this.hostFolder, 'host.sock'));
  }

  node(name: string): NodeFolder {
    return new NodeFolder(join(this.path, 'nodes', name));
  }
}

/** A node's share of the cluster's folder; mounted into the node as /run/swarmlab. */
export class NodeFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  get agentConfig(): string {
    return join(this.path, 'agent.json');
  }

  /** Where it is, the node serves the cluster's registry. */
  get registryConfig(): string {
    return join(this.path, 'registry.yml');
  }

  /** The node's gateway, as the student's clients see it. */
  get dockerSocket(): string {
    return checkedSocket(join(this.path, 'docker.sock'));
  }

  /** The gateway for graders and the page. */
  get controlSocket(): string {
    return checkedSocket(join(this.path, 'control.sock'));
  }

  get agentSocket(): string {
    return checkedSocket(join(this.path, 'agent.sock'));
  }
}

/** Names of the clusters that have a folder, sorted. */
export function clusterNames(state: string = stateFolder()): string[] {
  try {
    return readdirSync(join(state, 'clusters'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .sort();
  } catch {
    return [];
  }
}

function checkedSocket(path: string): string {
  if (Buffer.byteLength(path) <= LONGEST_SOCKET_PATH) return path;
  throw new SwarmlabError('SL_USAGE', `${path} is too long for a socket (${LONGEST_SOCKET_PATH} bytes at most)`, {
    next: 'Set SWARMLAB_STATE to a folder with a shorter path, or give the cluster a shorter name.',
  });
}
