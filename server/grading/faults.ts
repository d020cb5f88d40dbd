import { faultSchema } from '../labs/fault.ts';
import { blocksOf, type LabStep } from '../labs/lab.ts';
import { expandValue } from '../labs/template.ts';
import type { GradingCluster } from './grading-cluster.ts';
import type { LabSession } from './lab-session.ts';
import { Unobservable } from './verdict.ts';

/** Breaks what a step wants broken. Throws Unobservable on a cluster that cannot be broken on purpose. */
export async function applyFaults(step: LabStep, session: LabSession, cluster: GradingCluster): Promise<void> {
  for (const block of blocksOf(step, 'fault', session.variant))
    for (const fault of block.faults) {
      if (cluster.fault === undefined) throw new Unobservable('this cluster cannot be broken on purpose');
      await cluster.fault(faultSchema.parse(expandValue(fault, session.variables)), session.seed);
    }
}
