/** One thing measured, beside what it is compared with. */
export interface Measurement {
  name: string;
  unit: 'ms' | 's' | 'MB' | 'requests/s' | 'tasks/s' | 'workspaces/s';
  ours: number;
  /** What it is measured against in the same run: another program, or a limit; absent when it stands for itself. */
  beside?: { name: string; value: number };
  /** ours divided by beside. */
  ratio?: number;
  /** What the ratio (or, without one, the value) should not exceed; `atLeast` for those that should be high. */
  goal?: { atMost: number } | { atLeast: number };
  /** Every single value, in the order of the runs. */
  runs: { ours: number[]; beside?: number[] };
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** The value below which that share of the values lies (nearest rank). NaN of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** Seconds that something took. */
export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

/** Two things in turn, so many times: what disturbs the machine disturbs both. */
export async function alternate(
  runs: number,
  one: () => Promise<number>,
  other: () => Promise<number>,
): Promise<[number[], number[]]> {
  const ones: number[] = [];
  const others: number[] = [];
  for (let run = 0; run < runs; run++) {
    ones.push(await one());
    others.push(await other());
  }
  return [ones, others];
}

/** A measurement of medians, with the ratio of both. */
export function compare(
  name: string,
  unit: Measurement['unit'],
  ours: number[],
  beside: { name: string; values: number[] },
  goal?: Measurement['goal'],
): Measurement {
  const [mine, theirs] = [median(ours), median(beside.values)];
  return {
    name,
    unit,
    ours: mine,
    beside: { name: beside.name, value: theirs },
    ratio: mine / theirs,
    ...(goal && { goal }),
    runs: { ours, beside: beside.values },
  };
}

/** Whether the goal is reached; true when there is none. */
export function reachesGoal({ goal, ratio, ours }: Measurement): boolean {
  if (goal === undefined) return true;
  const value = ratio ?? ours;
  return 'atMost' in goal ? value <= goal.atMost : value >= goal.atLeast;
}
