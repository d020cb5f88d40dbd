import type { Command } from 'commander';
import { z } from 'zod';
import { type Measurement, reachesGoal } from '../../test/bench/measurement.ts';
import type { Progress } from '../clusters/progress.ts';
import { SwarmlabError } from '../errors/swarmlab-error.ts';
import { printJson, printTable } from './output.ts';
import { parseCall } from './parse-call.ts';

type Bench = (runs: number, tell: Progress) => Promise<Measurement[]>;

const benchOptions = z.object({
  runs: z.coerce.number().int().min(1).max(100),
  json: z.boolean().default(false),
});

const BENCHES: Record<string, { description: string; load: () => Promise<Bench[]> }> = {
  cluster: {
    description: 'booting a cluster, its memory, and scaling a service from 1 to 50',
    load: async () => [
      (await import('../../test/bench/boot-bench.ts')).benchBoot,
      (await import('../../test/bench/scale-bench.ts')).benchScale,
    ],
  },
  boot: {
    description: 'booting a cluster, and its memory',
    load: async () => [(await import('../../test/bench/boot-bench.ts')).benchBoot],
  },
  scale: {
    description: 'scaling a service from 1 to 50',
    load: async () => [(await import('../../test/bench/scale-bench.ts')).benchScale],
  },
  mesh: {
    description: 'the routing mesh beside the overlay itself',
    load: async () => [(await import('../../test/bench/mesh-bench.ts')).benchMesh],
  },
  echo: {
    description: 'the echo of a key in a terminal',
    load: async () => [
      (await import('../../test/bench/node-echo-bench.ts')).benchEcho,
      (await import('../../test/bench/page-echo-bench.ts')).benchPageEcho,
    ],
  },
  verdict: {
    description: 'a state change to its verdict on the page',
    load: async () => [(await import('../../test/bench/verdict-bench.ts')).benchVerdict],
  },
  gateway: {
    description: 'what the gateway adds to a request and to a stream',
    load: async () => [(await import('../../test/bench/gateway-bench.ts')).benchGateway],
  },
  embedded: {
    description: 'embedded nodes: memory and time of a workspace, 1 to 50 beside a real Swarm, 1,000 nodes',
    load: async () => [
      (await import('../../test/bench/embedded-workspaces-bench.ts')).benchEmbeddedWorkspaces,
      (await import('../../test/bench/embedded-nodes-bench.ts')).benchEmbeddedNodes,
      (await import('../../test/bench/embedded-scale-bench.ts')).benchEmbeddedScale,
    ],
  },
  orchestrator: {
    description: 'scheduling many tasks on many nodes',
    load: async () => [(await import('../../test/bench/orchestrator-run.ts')).benchOrchestrator],
  },
};

/** `swarmlab bench`: measures, beside what is to be compared with, in the same run. Exits with 1 when a goal is missed. */
export function register(program: Command): void {
  const names = Object.entries(BENCHES).map(([name, { description }]) => `  ${name.padEnd(14)}${description}`);
  program
    .command('bench')
    .description('measure, beside a real Swarm or the bare engines in the same run')
    .argument('<name>', 'what to measure')
    .option('--runs <count>', 'how often; medians count', '5')
    .option('--json', 'print the measurements as JSON')
    .addHelpText('after', `\nBenches:\n${names.join('\n')}`)
    .action(async (name: string, options: unknown) => {
      const { runs, json } = parseCall(benchOptions, options);
      const bench = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
      if (!bench) {
        throw new SwarmlabError('SL_USAGE', `there is no bench ${name}`, {
          next: `There is ${Object.keys(BENCHES).join(', ')}.`,
        });
      }
      const measurements: Measurement[] = [];
      for (const run of await bench.load()) {
        measurements.push(...(await run(runs, (text) => process.stderr.write(`${text}\n`))));
      }
      if (json) printJson(measurements);
      else print(measurements);
      if (!measurements.every(reachesGoal)) process.exitCode = 1;
    });
}

function print(measurements: readonly Measurement[]): void {
  printTable(
    ['MEASURED', 'OURS', 'BESIDE', '', 'RATIO', 'GOAL', ''],
    measurements.map((each) => [
      each.name,
      `${each.ours.toFixed(2)} ${each.unit}`,
      each.beside?.name ?? '',
      each.beside ? `${each.beside.value.toFixed(2)} ${each.unit}` : '',
      each.ratio?.toFixed(2) ?? '',
      goalText(each.goal),
      each.goal === undefined ? '' : reachesGoal(each) ? 'reached' : 'missed',
    ]),
  );
}

function goalText(goal: Measurement['goal']): string {
  if (goal === undefined) return '';
  return 'atMost' in goal ? `<= ${goal.atMost}` : `>= ${goal.atLeast}`;
}
