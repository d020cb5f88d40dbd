import { parseArgs } from 'node:util';
import { clusterStage } from './cluster-stage.ts';
import { playProgress } from './play-progress.ts';
import { playScenario, recordedScenarios } from './play-scenario.ts';
import {
  compareProgress,
  type ProgressReference,
  readProgressReference,
  writeProgressReference,
} from './progress-reference.ts';
import type { Stage } from './replay.ts';

const HELP = `npm run parity -- --cluster NAME [--folder FOLDER] [PATTERN ...]
npm run parity -- --cluster NAME --progress [--record TIMES]

Plays scenarios on a cluster (swarmlab cluster up NAME) and shows every step that a real Swarm answered otherwise.
FOLDER has scenarios/*.txt and reference/*.json (default: test/parity). PATTERN picks scenarios by the beginning of their names.
--progress compares what the client draws in a terminal while it waits instead; --record notes it on a real Swarm.
Ends with 0 when every step is the same, 1 when not, 2 when it was called wrongly.
`;

/** `npm run parity`. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      cluster: { type: 'string' },
      folder: { type: 'string' },
      progress: { type: 'boolean' },
      record: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help || values.cluster === undefined) {
    process.stdout.write(HELP);
    return values.help ? 0 : 2;
  }
  const stage = clusterStage(values.cluster);
  if (values.progress) return progress(stage, Number(values.record ?? 0));
  const folder = values.folder ?? import.meta.dirname;
  const names = recordedScenarios(folder).filter(
    (name) => positionals.length === 0 || positionals.some((pattern) => name.startsWith(pattern)),
  );
  let compared = 0;
  let same = 0;
  for (const name of names) {
    const result = await playScenario(stage, folder, name);
    compared += result.compared;
    same += result.same;
    for (const difference of result.differences) process.stdout.write(`--- ${difference}\n`);
    process.stdout.write(`${name.padEnd(34)} ${result.same}/${result.compared}\n`);
  }
  process.stdout.write(`${same}/${compared} steps the same\n`);
  return same === compared ? 0 : 1;
}

/** Compares the rows that each command draws; or records them, that many times. */
async function progress(stage: Stage, record: number): Promise<number> {
  if (record > 0) {
    const recorded: ProgressReference = {};
    for (let time = 0; time < record; time++) {
      for (const [name, rows] of await playProgress(stage)) recorded[name] = [...(recorded[name] ?? []), rows];
    }
    writeProgressReference(recorded);
    return 0;
  }
  const reference = readProgressReference();
  const drawn = await playProgress(stage);
  let same = 0;
  for (const [name, rows] of drawn) {
    const problems = compareProgress(reference, name, rows);
    if (problems.length === 0) same++;
    for (const problem of problems) process.stdout.write(`--- ${name}: ${problem}\n`);
  }
  process.stdout.write(`${same}/${drawn.size} commands draw the same\n`);
  return same === drawn.size ? 0 : 1;
}

process.exitCode = await main();
