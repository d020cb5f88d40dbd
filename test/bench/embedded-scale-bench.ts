import type { Progress } from '../../server/clusters/progress.ts';
import { withCluster } from './bench-cluster.ts';
import { alternate, compare, type Measurement } from './measurement.ts';
import { scaleUp } from './scale-bench.ts';

const GOAL = 0.05;
/** Milliseconds between looks at simulated nodes, which are there within a few of them. */
const LOOK_EVERY = 10;

/** Seconds of scaling a service from 1 to 50 on embedded nodes, beside a real Swarm on Docker-in-Docker nodes in turn. */
export async function benchEmbeddedScale(runs: number, tell: Progress): Promise<Measurement[]> {
  return withCluster(
    'builtin',
    (ours) =>
      withCluster('swarm', async (theirs) => {
        const told = async (name: string, time: Promise<number>) => {
          tell(`1 to 50 on ${name}: ${(await time).toFixed(2)} s`);
          return time;
        };
        const [mine, real] = await alternate(
          runs,
          () => told('embedded nodes', scaleUp(ours, LOOK_EVERY)),
          () => told('a real Swarm', scaleUp(theirs)),
        );
        const name = '1 to 50 running and logging, embedded';
        return [compare(name, 's', mine, { name: 'real Swarm', values: real }, { atMost: GOAL })];
      }),
    'embedded',
  );
}
