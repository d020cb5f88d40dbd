import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { clusterStage } from '../parity/cluster-stage.ts';
import { playProgress } from '../parity/play-progress.ts';
import { playScenario, recordedScenarios } from '../parity/play-scenario.ts';
import { compareProgress, readProgressReference } from '../parity/progress-reference.ts';
import { Swarmlab } from '../support/swarmlab.ts';

const FOLDER = resolve(import.meta.dirname, '..', 'parity');
/** The addresses in the recordings are of this one. */
const SUBNET = '10.10.10.0/24';
/** Of the steps, how many have to be answered to the letter. */
const SAME = 0.98;
const NAME = `x${randomBytes(3).toString('hex')}`;
const swarmlab = new Swarmlab();

beforeAll(async () => {
  process.env.SWARMLAB_STATE = swarmlab.state;
  await swarmlab.print('cluster', 'up', NAME, '--nodes', 'dind', '--subnet', SUBNET);
});
afterAll(async () => {
  delete process.env.SWARMLAB_STATE;
  await swarmlab.dispose();
});

it('every scenario recorded on a real Swarm is answered the same', async () => {
  let steps = 0;
  const differences: string[] = [];
  for (const scenario of recordedScenarios(FOLDER)) {
    const comparison = await playScenario(clusterStage(NAME), FOLDER, scenario);
    steps += comparison.compared;
    differences.push(...comparison.differences);
  }
  expect(steps).toBeGreaterThan(0);
  expect(1 - differences.length / steps, differences.join('\n')).toBeGreaterThanOrEqual(SAME);
});

it('the client draws the same while it waits', async () => {
  const reference = readProgressReference();
  const drawn = await playProgress(clusterStage(NAME));
  const problems = [...drawn].flatMap(([name, rows]) => compareProgress(reference, name, rows));
  expect(problems).toEqual([]);
});
