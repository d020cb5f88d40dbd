import type { Progress } from '../../server/clusters/progress.ts';
import { type Measurement, median } from './measurement.ts';
import { benchScheduling, calibrate, SCHEDULING_CASES } from './orchestrator-bench.ts';

/** Seconds of scheduling many tasks on many nodes, beside SwarmKit's times on a reference machine, scaled to this one. */
export async function benchOrchestrator(runs: number, tell: Progress): Promise<Measurement[]> {
  const slower = calibrate();
  tell(`this machine takes ${slower.toFixed(2)} times as long as the one SwarmKit was measured on`);
  const measurements: Measurement[] = [];
  for (const each of SCHEDULING_CASES) {
    const ours: number[] = [];
    for (let run = 0; run < runs; run++) ours.push(await benchScheduling(each));
    const name = `${each.tasks} tasks on ${each.nodes} nodes${each.everyNthFits > 1 ? ', constrained' : ''}`;
    const value = each.swarmkit * slower;
    tell(`${name}: ${median(ours).toFixed(2)} s`);
    measurements.push({
      name,
      unit: 's',
      ours: median(ours),
      beside: { name: 'SwarmKit', value },
      ratio: median(ours) / value,
      runs: { ours },
    });
  }
  return measurements;
}
