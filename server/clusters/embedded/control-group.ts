import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClusterFolder } from '../state-folder.ts';

const ROOT = '/sys/fs/cgroup';

/** Processes of all shells of one cluster together. */
const PROCESSES = 512;
/** Bytes of memory that they may take together, files in their homes included. */
const MEMORY = 512 * 1024 * 1024;
/** Their part of a busy processor beside another cluster's or this program's own: 1024 (or, counted anew, 100) is what everyone has. */
const CPU_SHARES = 512;
const CPU_WEIGHT = 50;

/** Milliseconds between attempts to remove a group whose processes are just ending, and how many there are. */
const RETRY = 50;
const RETRIES = 40;

/** The kernel's limits on everything that runs in the shells of one cluster. Only root may make one, and not in every container. */
export class ControlGroup {
  readonly #folders: readonly string[];

  private constructor(folders: readonly string[]) {
    this.#folders = folders;
  }

  /** Makes the group of a cluster with the limits that can be had here; undefined when it is none. One that is left is taken over. */
  static make({ name: cluster, path }: ClusterFolder): ControlGroup | undefined {
    // Clusters of one name may lie in several state folders.
    const name = `${cluster}-${createHash('sha256').update(path).digest('hex').slice(0, 8)}`;
    const folders = existsSync(join(ROOT, 'cgroup.controllers')) ? unified(name) : perController(name);
    return folders.length === 0 ? undefined : new ControlGroup(folders);
  }

  /** Files to which a process that is to be in the group writes a zero, which stands for itself. */
  get entrances(): string[] {
    return this.#folders.map((folder) => join(folder, 'cgroup.procs'));
  }

  /** Ends what still runs in the group, and removes it. */
  async remove(): Promise<void> {
    for (const folder of this.#folders) {
      for (let attempt = 0; attempt < RETRIES && existsSync(folder); attempt++) {
        endProcesses(folder);
        try {
          rmdirSync(folder);
        } catch {
          await new Promise((resolve) => setTimeout(resolve, RETRY));
        }
      }
    }
  }
}

/** Version 2: one tree; its root gives the controllers to those below, if it may. */
function unified(name: string): string[] {
  const parent = join(ROOT, 'swarmlab');
  const folder = join(parent, name);
  try {
    for (const each of ['+pids', '+memory', '+cpu']) attempt(join(ROOT, 'cgroup.subtree_control'), each);
    mkdirSync(parent, { recursive: true });
    for (const each of ['+pids', '+memory', '+cpu']) attempt(join(parent, 'cgroup.subtree_control'), each);
    mkdirSync(folder, { recursive: true });
  } catch {
    return [];
  }
  const limits = [
    attempt(join(folder, 'pids.max'), String(PROCESSES)),
    attempt(join(folder, 'memory.max'), String(MEMORY)),
    attempt(join(folder, 'cpu.weight'), String(CPU_WEIGHT)),
  ];
  attempt(join(folder, 'memory.swap.max'), '0');
  return limits.some((limited) => limited) ? [folder] : [];
}

/** Version 1: a tree for each controller, below where this process itself is. */
function perController(name: string): string[] {
  return (
    [
      ['pids', 'pids.max', PROCESSES],
      ['memory', 'memory.limit_in_bytes', MEMORY],
      ['cpu', 'cpu.shares', CPU_SHARES],
    ] as const
  ).flatMap(([controller, file, limit]) => {
    const folder = join(ROOT, controller, ownGroup(controller), 'swarmlab', name);
    try {
      mkdirSync(folder, { recursive: true });
    } catch {
      return [];
    }
    return attempt(join(folder, file), String(limit)) ? [folder] : [];
  });
}

/** The group of this process in the tree of a controller of version 1. */
function ownGroup(controller: string): string {
  try {
    const lines = readFileSync('/proc/self/cgroup', 'utf8').split('\n');
    const line = lines.find((each) => each.split(':')[1]?.split(',').includes(controller));
    const path = line?.split(':').slice(2).join(':') ?? '/';
    return existsSync(join(ROOT, controller, path)) ? path.replace(/\/swarmlab\/.*$/, '') : '/';
  } catch {
    return '/';
  }
}

function endProcesses(folder: string): void {
  if (attempt(join(folder, 'cgroup.kill'), '1')) return;
  try {
    for (const line of readFileSync(join(folder, 'cgroup.procs'), 'utf8').split('\n')) {
      if (line !== '') process.kill(Number(line), 'SIGKILL');
    }
  } catch {
    // Whoever was to be ended has ended.
  }
}

function attempt(path: string, text: string): boolean {
  try {
    if (!existsSync(path)) return false;
    writeFileSync(path, text);
    return true;
  } catch {
    return false;
  }
}
