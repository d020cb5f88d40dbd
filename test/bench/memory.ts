import { readdirSync, readFileSync } from 'node:fs';
import Docker from 'dockerode';
import { z } from 'zod';
import type { ClusterRecord } from '../../server/clusters/cluster-record.ts';
import { ClusterFolder } from '../../server/clusters/state-folder.ts';

const KIB_PER_MB = (1000 * 1000) / 1024;

/**
 * Megabytes of memory that a cluster's processes take, its host included: each process's proportional share, so that what they have
 * in common is counted once. Only where this machine sees the nodes' processes.
 */
export async function memoryOf(record: ClusterRecord): Promise<number> {
  const folder = new ClusterFolder(record.name);
  const processes = new Set<number>([Number(readFileSync(folder.hostLock, 'utf8'))]);
  const engine = new Docker();
  for (const node of record.nodes) {
    const { State } = z
      .object({ State: z.object({ Pid: z.number() }) })
      .parse(await engine.getContainer(node.container).inspect());
    for (const pid of descendants(State.Pid)) processes.add(pid);
  }
  return [...processes].reduce((total, pid) => total + proportionalShare(pid), 0) / KIB_PER_MB;
}

/** Megabytes of a process and all that come from it, each with its proportional share. */
export function memoryOfFamily(pid: number): number {
  return descendants(pid).reduce((total, each) => total + proportionalShare(each), 0) / KIB_PER_MB;
}

/** A process and all that come from it. A node's processes that lost their parent hang on its first one. */
function descendants(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
    const parent = Number(/^PPid:\s+(\d+)$/m.exec(readStatus(name))?.[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found = [root];
  for (const pid of found) found.push(...(children.get(pid) ?? []));
  return found;
}

function readStatus(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}

/** KiB; 0 for a process that has ended. */
function proportionalShare(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
