import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keepSharedHost } from '../../server/clusters/embedded/shared-host/find-shared-host.ts';
import { SharedHostFolder } from '../../server/clusters/embedded/shared-host/shared-host-folder.ts';
import type { Progress } from '../../server/clusters/progress.ts';
import type { ClusterHandle } from '../../server/workspaces/cluster/cluster-door.ts';
import { OwnClusters } from '../../server/workspaces/cluster/own-clusters.ts';
import { NodeTerminal } from '../support/node-terminal.ts';
import { type Measurement, median, percentile } from './measurement.ts';
import { memoryOfFamily } from './memory.ts';

/** Workspaces that are open at the same time when memory is measured, each with a terminal. */
const OPEN = 100;
/** Of the first so many it is measured how long each takes. */
const TIMED = 50;
const AT_A_TIME = 4;
const READY_GOAL = 150;
const MEMORY_GOAL = 12;

/**
 * Milliseconds from asking for a workspace's cluster until it is ready (one after the other, with `serve`'s process for them running), how
 * many are made in a second when several are asked for at once, and the memory of each when a hundred are open with a terminal in each.
 */
export async function benchEmbeddedWorkspaces(_runs: number, tell: Progress): Promise<Measurement[]> {
  const state = mkdtempSync(join(tmpdir(), 'swarmlab-bench-'));
  const before = process.env.SWARMLAB_STATE;
  process.env.SWARMLAB_STATE = state;
  const kept = await keepSharedHost();
  const door = new OwnClusters({ nodes: 'embedded', orchestrator: 'builtin' });
  const handles: ClusterHandle[] = [];
  const terminals: NodeTerminal[] = [];
  const open = async (number: number): Promise<number> => {
    const began = performance.now();
    const wish = { name: `bench-${number}`, nodes: undefined, imagesOn: undefined, registry: false };
    const handle = await door.create(wish);
    handles.push(handle);
    const cluster = await handle.ready(() => undefined);
    const took = performance.now() - began;
    const [master] = cluster.nodes;
    if (master !== undefined) terminals.push(await NodeTerminal.open(master.agentSocket));
    return took;
  };
  try {
    const times: number[] = [];
    for (let number = 0; number < TIMED; number++) times.push(await open(number));
    tell(`ready: p50 ${median(times).toFixed(0)} ms, p95 ${percentile(times, 0.95).toFixed(0)} ms`);
    const rest = Array.from({ length: OPEN - TIMED }, (_, index) => TIMED + index);
    const began = performance.now();
    const worker = async () => {
      for (let number = rest.shift(); number !== undefined; number = rest.shift()) await open(number);
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, worker));
    const perSecond = (OPEN - TIMED) / ((performance.now() - began) / 1000);
    const memory = hostProcesses(state).reduce((total, pid) => total + memoryOfFamily(pid), 0) / OPEN;
    tell(`${OPEN} open: ${memory.toFixed(1)} MB each; ${perSecond.toFixed(1)} made a second, terminal included`);
    return [
      {
        name: `workspace ready, p95 of ${TIMED}`,
        unit: 'ms',
        ours: percentile(times, 0.95),
        goal: { atMost: READY_GOAL },
        runs: { ours: times },
      },
      { name: 'workspaces made, with a terminal', unit: 'workspaces/s', ours: perSecond, runs: { ours: [perSecond] } },
      {
        name: `memory of each of ${OPEN} workspaces`,
        unit: 'MB',
        ours: memory,
        goal: { atMost: MEMORY_GOAL },
        runs: { ours: [memory] },
      },
    ];
  } finally {
    await Promise.all(terminals.map((terminal) => terminal.close().catch(() => undefined)));
    await Promise.all(handles.map((handle) => handle.remove(() => undefined).catch(() => undefined)));
    kept.dispose();
    if (before === undefined) delete process.env.SWARMLAB_STATE;
    else process.env.SWARMLAB_STATE = before;
    rmSync(state, { recursive: true, force: true });
  }
}

/** The processes that own the clusters. */
function hostProcesses(state: string): number[] {
  return readdirSync(join(state, 'hosts'))
    .filter((name) => /^\d+$/.test(name))
    .map((name) => Number(readFileSync(new SharedHostFolder(Number(name), state).lock, 'utf8')));
}
