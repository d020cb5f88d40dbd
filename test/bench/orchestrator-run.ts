import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Progress } from '../../server/clusters/progress.ts';
import { Allocator } from '../../server/orchestrator/allocator/allocator.ts';
import { StoreDatabase } from '../../server/orchestrator/store/persistence.ts';
import type { Persistence } from '../../server/orchestrator/store/store.ts';
import { type Measurement, median } from './measurement.ts';
import { benchScheduling, benchWholeWay, calibrate, SCHEDULING_CASES, type WholeWay } from './orchestrator-bench.ts';

/** The share of SwarmKit's time that is allowed. */
const GOAL = 0.5;
/** Beyond so many tasks a case is run this often at most: what takes long varies little. */
const LARGE = { tasks: 50_000, runs: 2 };
/** Sizes of the whole way, with the services that the tasks belong to; how much more than in proportion the largest may take. */
const WHOLE_WAY = { sizes: [1_000, 10_000, 100_000], services: 100, nodes: 1_000, growth: 1.5 };

/**
 * Seconds of scheduling many tasks on many nodes, beside SwarmKit's times on a reference machine, scaled to this one, with and without
 * writing everything down; then the whole way of tasks from their services on.
 */
export async function benchOrchestrator(runs: number, tell: Progress): Promise<Measurement[]> {
  const slower = calibrate();
  tell(`this machine takes ${slower.toFixed(2)} times as long as the one SwarmKit was measured on`);
  const measurements: Measurement[] = [];
  for (const each of SCHEDULING_CASES) {
    for (const isKept of [false, true]) {
      const ours: number[] = [];
      const times = each.tasks > LARGE.tasks ? Math.min(runs, LARGE.runs) : runs;
      for (let run = 0; run < times; run++)
        ours.push(await withPersistence(isKept, (persistence) => benchScheduling(each, persistence)));
      const constrained = each.everyNthFits > 1 ? ', constrained' : '';
      const name = `${each.tasks} tasks on ${each.nodes} nodes${constrained}, persistence ${isKept ? 'on' : 'off'}`;
      const value = each.swarmkit * slower;
      tell(`${name}: ${median(ours).toFixed(2)} s`);
      measurements.push({
        name,
        unit: 's',
        ours: median(ours),
        beside: { name: 'SwarmKit', value },
        ratio: median(ours) / value,
        goal: { atMost: GOAL },
        runs: { ours },
      });
    }
  }
  for (const isKept of [false, true]) measurements.push(...(await wholeWay(isKept, tell)));
  return measurements;
}

/** From the creation of 100 services until all of their tasks are assigned, for more and more tasks. */
async function wholeWay(isKept: boolean, tell: Progress): Promise<Measurement[]> {
  const { sizes, services, nodes, growth } = WHOLE_WAY;
  const measurements: Measurement[] = [];
  let before: { tasks: number; seconds: number } | undefined;
  for (const tasks of sizes) {
    const { seconds, megabytes } = await withPersistence(isKept, (persistence) =>
      way({ nodes, services, tasks }, persistence),
    );
    const name = `whole way of ${tasks} tasks of ${services} services, persistence ${isKept ? 'on' : 'off'}`;
    tell(`${name}: ${seconds.toFixed(2)} s, ${megabytes.toFixed(0)} MB`);
    const linear = before && (before.seconds * tasks) / before.tasks;
    measurements.push({
      ...{ name, unit: 's', ours: seconds, runs: { ours: [seconds] } },
      ...(linear && {
        ...{ beside: { name: 'in proportion', value: linear }, ratio: seconds / linear, goal: { atMost: growth } },
      }),
    });
    measurements.push({ name: `${name}, heap`, unit: 'MB', ours: megabytes, runs: { ours: [megabytes] } });
    before = { tasks, seconds };
  }
  return measurements;
}

function way(size: Parameters<typeof benchWholeWay>[0], persistence: Persistence | undefined): Promise<WholeWay> {
  return benchWholeWay(size, (store, clock) => new Allocator({ store, clock }), persistence);
}

/** Gives the work a database of its own, in a temporary folder, if it is to have one. */
async function withPersistence<T>(isKept: boolean, work: (persistence?: Persistence) => Promise<T>): Promise<T> {
  if (!isKept) return work();
  const folder = mkdtempSync(join(tmpdir(), 'swarmlab-bench-'));
  const workerFile = resolve(import.meta.dirname, '..', '..', 'build', 'cli', 'persistence-worker.js');
  const database = new StoreDatabase({
    path: join(folder, 'store.db'),
    ...(existsSync(workerFile) && { workerFile }),
    onFailure: (message) => {
      throw new Error(message);
    },
  });
  try {
    await database.load();
    return await work(database.persistenceOf('bench'));
  } finally {
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
