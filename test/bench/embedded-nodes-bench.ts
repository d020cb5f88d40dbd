import { z } from 'zod';
import { RealClock } from '../../server/clock/real-clock.ts';
import { EmbeddedCluster, type EmbeddedNodePlan } from '../../server/clusters/embedded/embedded-cluster.ts';
import type { Progress } from '../../server/clusters/progress.ts';
import type { Measurement } from './measurement.ts';

const NODES = 1_000;
const TASKS = 20_000;
/** What KWOK's authors publish for its simulated nodes: pods that it brings up in a second. */
const KWOK_PODS_A_SECOND = 20;
const POLL = 100;
const BYTES_PER_MB = 1_000_000;

const lists = z.array(z.object({ ServiceStatus: z.object({ RunningTasks: z.number() }).optional() }));

/** Tasks a second that come up on 1,000 simulated nodes in one process, from the service's creation until 20,000 are reported running. */
export async function benchEmbeddedNodes(_runs: number, tell: Progress): Promise<Measurement[]> {
  const nodes = Array.from({ length: NODES }, (_, index): EmbeddedNodePlan => {
    const name = `node${index}`;
    const address = `10.20.${index >> 8}.${index & 255}`;
    return { name, hostname: name, address, role: index === 0 ? 'manager' : 'worker' };
  });
  const memoryBefore = usedMemory();
  const cluster = new EmbeddedCluster({
    clock: new RealClock(),
    nodes,
    imagesOn: nodes.map(({ name }) => name),
    log: () => undefined,
  });
  try {
    await cluster.start();
    tell(`${NODES} nodes: ${(usedMemory() - memoryBefore).toFixed(0)} MB`);
    const control = cluster.fleet.machine('node0').control();
    const began = performance.now();
    await control.services.create({
      Name: 'many',
      TaskTemplate: { ContainerSpec: { Image: 'alpine:latest', Args: ['sleep', 'infinity'] } },
      Mode: { Replicated: { Replicas: TASKS } },
    });
    const running = async () =>
      lists.parse(await control.services.list({ status: true }))[0]?.ServiceStatus?.RunningTasks;
    while ((await running()) !== TASKS) await new Promise((resolve) => setTimeout(resolve, POLL));
    const perSecond = TASKS / ((performance.now() - began) / 1000);
    const memory = usedMemory() - memoryBefore;
    tell(`${TASKS} tasks: ${perSecond.toFixed(0)} a second, ${memory.toFixed(0)} MB in all`);
    return [
      {
        name: `tasks started on ${NODES} nodes`,
        unit: 'tasks/s',
        ours: perSecond,
        beside: { name: 'KWOK, published', value: KWOK_PODS_A_SECOND },
        ratio: perSecond / KWOK_PODS_A_SECOND,
        goal: { atLeast: 1 },
        runs: { ours: [perSecond] },
      },
      { name: `memory of ${NODES} nodes, ${TASKS} tasks`, unit: 'MB', ours: memory, runs: { ours: [memory] } },
    ];
  } finally {
    await cluster.close();
  }
}

function usedMemory(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / BYTES_PER_MB;
}
