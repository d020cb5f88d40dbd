import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { outerEngine } from '../../server/clusters/outer-engine.ts';
import type { Progress } from '../../server/clusters/progress.ts';
import { PROJECT_ROOT } from '../../server/clusters/project-root.ts';
import { usedSubnets } from '../../server/clusters/provisioning/cluster-network.ts';
import { overlaps } from '../../server/orchestrator/allocator/ipv4.ts';
import { BenchCluster } from './bench-cluster.ts';
import { alternate, compare, type Measurement, median, seconds } from './measurement.ts';
import { memoryOf } from './memory.ts';

const run = promisify(execFile);
const NODES = ['master', 'worker1', 'worker2', 'registry'];
const GOAL = 0.7;

/** The script that boots a real Swarm of four nodes on this machine. */
function oracle(): string | undefined {
  const path = process.env.SWARMLAB_ORACLE ?? join(PROJECT_ROOT, '..', 'shared', 'oracle', 'swarm');
  return existsSync(path) ? path : undefined;
}

/**
 * Seconds until four nodes are ready and a container has run on each, beside those of the script (where that is, and nobody
 * uses its cluster), and the memory of an idle cluster.
 */
export async function benchBoot(runs: number, tell: Progress): Promise<Measurement[]> {
  const memory: number[] = [];
  const ours = async () => {
    let cluster: BenchCluster | undefined;
    const took = await seconds(async () => {
      cluster = await BenchCluster.create('builtin');
      await runOnEach(
        cluster.record.nodes.map((node) => node.container),
        'vagrant',
      );
    });
    if (cluster !== undefined) {
      memory.push(await memoryOf(cluster.record));
      await cluster.remove();
    }
    tell(`ours: ${took.toFixed(2)} s`);
    return took;
  };
  const script = oracle();
  if (script === undefined || (await isInUse())) {
    tell(
      script === undefined
        ? 'no script of a real Swarm; SWARMLAB_ORACLE names one'
        : 'the real Swarm or its subnet is in use: not compared',
    );
    const [alone] = await alternate(runs, ours, async () => 0);
    return [{ name: 'four nodes ready', unit: 's', ours: median(alone), runs: { ours: alone } }, idle(memory)];
  }
  const theirs = async () => {
    const took = await seconds(async () => {
      await run(script, ['up', 'full']);
      await runOnEach(
        NODES.map((node) => `oracle-${node}`),
        'root',
      );
    });
    await run(script, ['down']);
    tell(`real Swarm: ${took.toFixed(2)} s`);
    return took;
  };
  const [mine, others] = await alternate(runs, ours, theirs);
  return [
    compare('four nodes ready', 's', mine, { name: 'real Swarm', values: others }, { atMost: GOAL }),
    idle(memory),
  ];
}

function idle(memory: number[]): Measurement {
  return { name: 'memory of an idle cluster', unit: 'MB', ours: median(memory), runs: { ours: memory } };
}

/** The subnet that its script asks for. */
const ORACLE_SUBNET = { base: 0x0a0a0a00, prefix: 24 };

/** Its script would remove a cluster that somebody else works with, and fails where its subnet is taken. */
async function isInUse(): Promise<boolean> {
  if ((await run('docker', ['ps', '-aq', '--filter', 'name=^oracle-'])).stdout !== '') return true;
  return (await usedSubnets(outerEngine())).some((used) => overlaps(used, ORACLE_SUBNET));
}

async function runOnEach(containers: string[], user: string): Promise<void> {
  const command = ['docker', 'run', '--rm', 'alpine', 'true'];
  await Promise.all(containers.map((container) => run('docker', ['exec', '-u', user, container, ...command])));
}
