import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Comparison, compare, readRecording } from './reference.ts';
import { replay, type Stage } from './replay.ts';
import { readScenario } from './scenario.ts';

/** Names of the scenarios in a folder (scenarios/*.txt and reference/*.json) that have been recorded on a real Swarm, in order. */
export function recordedScenarios(folder: string): string[] {
  return readdirSync(join(folder, 'scenarios'))
    .map((file) => file.replace(/\.txt$/, ''))
    .filter((name) => existsSync(recordingOf(folder, name)))
    .sort();
}

/** Plays a scenario on a clean stage and holds it against what the real Swarm answered. */
export async function playScenario(stage: Stage, folder: string, name: string): Promise<Comparison> {
  const played = await replay(stage, readScenario(join(folder, 'scenarios', `${name}.txt`)));
  return compare(readRecording(recordingOf(folder, name)), played);
}

const recordingOf = (folder: string, name: string) => join(folder, 'reference', `${name}.json`);
