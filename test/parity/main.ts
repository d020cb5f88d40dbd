import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { clusterStage } from './cluster-stage.ts';
import { compare, readRecording } from './reference.ts';
import { replay } from './replay.ts';
import { readScenario } from './scenario.ts';

const HELP = `npm run parity -- --cluster NAME [--folder FOLDER] [PATTERN ...]

Plays scenarios on a cluster (swarmlab cluster up NAME) and shows every step that a real Swarm answered otherwise.
FOLDER has scenarios/*.txt and reference/*.json (default: test/parity). PATTERN picks scenarios by the beginning of their names.
Ends with 0 when every step is the same, 1 when not, 2 when it was called wrongly.
`;

/** `npm run parity`. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { cluster: { type: 'string' }, folder: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help || values.cluster === undefined) {
    process.stdout.write(HELP);
    return values.help ? 0 : 2;
  }
  const folder = values.folder ?? import.meta.dirname;
  const names = readdirSync(join(folder, 'scenarios'))
    .map((file) => file.replace(/\.txt$/, ''))
    .filter((name) => positionals.length === 0 || positionals.some((pattern) => name.startsWith(pattern)))
    .sort();
  const stage = clusterStage(values.cluster);
  let compared = 0;
  let same = 0;
  for (const name of names) {
    const reference = join(folder, 'reference', `${name}.json`);
    if (!existsSync(reference)) continue;
    const result = compare(
      readRecording(reference),
      await replay(stage, readScenario(join(folder, 'scenarios', `${name}.txt`))),
    );
    compared += result.compared;
    same += result.same;
    for (const difference of result.differences) process.stdout.write(`--- ${difference}\n`);
    process.stdout.write(`${name.padEnd(34)} ${result.same}/${result.compared}\n`);
  }
  process.stdout.write(`${same}/${compared} steps the same\n`);
  return same === compared ? 0 : 1;
}

process.exitCode = await main();
