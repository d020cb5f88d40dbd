import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { SwarmlabError } from '../../server/errors/swarmlab-error.ts';
import { runProgram } from './run-program.ts';
import type { Outcome, Results, Suite } from './suite.ts';

const MOCHA = 'node_modules/mocha/bin/mocha.js';

/** dockerode 5.0.1: its tests of the Swarm endpoints. */
export const dockerode: Suite = {
  name: 'dockerode',
  source: 'https://github.com/apocas/dockerode',
  commit: '3624bc02dfc60afdf9b59ade72d34a9b2f2edd5d',
  landmark: 'test/swarm.js',
  async prepare(checkout) {
    if (existsSync(join(checkout, MOCHA))) return;
    const { exit, stderr } = await runProgram('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
      cwd: checkout,
    });
    if (exit === 0) return;
    throw new SwarmlabError(
      'SL_NOT_SUPPORTED',
      `dockerode's tests need packages that npm cannot get: ${stderr.trim()}`,
      {
        next: `Run npm ci in ${checkout} where it can.`,
      },
    );
  },
  async run(checkout, dockerHost, tell) {
    // With DOCKER_SOCKET set its helper asks where DOCKER_HOST says, which is how it reaches another socket than the usual one.
    const { exit, stdout, stderr } = await runProgram(
      process.execPath,
      [join(checkout, MOCHA), '--reporter', 'json', '--exit', 'test/swarm.js'],
      { cwd: checkout, environment: { DOCKER_HOST: dockerHost, DOCKER_SOCKET: dockerHost } },
    );
    const report = readMocha(stdout);
    if (report === undefined)
      throw new SwarmlabError('SL_NOT_SUPPORTED', `mocha ended with ${exit}: ${stderr.trim() || stdout.trim()}`);
    for (const reason of report.reasons) tell(reason);
    return report.results;
  },
};

const test = z.object({ fullTitle: z.string(), err: z.object({ message: z.string().optional() }).optional() });
const reportSchema = z.object({ passes: z.array(test), failures: z.array(test), pending: z.array(test) });

/** Reads what mocha's JSON reporter prints, behind whatever the tests print themselves; undefined when there is no report. */
export function readMocha(output: string): { results: Results; reasons: string[] } | undefined {
  const start = output.search(/^\{$/m);
  if (start < 0) return undefined;
  const { passes, failures, pending } = reportSchema.parse(JSON.parse(output.slice(start)));
  const results = new Map<string, Outcome>();
  for (const { fullTitle } of passes) results.set(fullTitle, 'passed');
  for (const { fullTitle } of pending) results.set(fullTitle, 'other');
  for (const { fullTitle } of failures) results.set(fullTitle, 'failed');
  return { results, reasons: failures.map(({ fullTitle, err }) => `FAILED ${fullTitle} - ${err?.message ?? ''}`) };
}
