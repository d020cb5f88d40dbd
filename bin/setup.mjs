#!/usr/bin/env node
/**
 * `npm start`, `npm test`, `npm run full`: brings a machine with nothing but Node.js to where it can run them. Everything that is
 * already there is left as it is, so that a second call is quick.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isFresh, TARGETS } from '../tools/freshness.mjs';
import { engineAnswers, ensureEngine } from '../tools/setup/engine.mjs';
import { checkNode } from '../tools/setup/node-version.mjs';
import { ensureNpmPackages, npmPackagesAreThere } from '../tools/setup/npm-packages.mjs';
import { SetupProblem, step, tell } from '../tools/setup/report.mjs';
import { runOpenly, runQuietly } from '../tools/setup/run.mjs';
import { ensureSystemPackages } from '../tools/setup/system-packages.mjs';
import { runTests } from '../tools/setup/test-run.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const swarmlab = join(root, 'bin', 'swarmlab.mjs');

/** An exit code above this tells of a signal. */
const SIGNALLED = 128;

async function prepare({ testing }) {
  checkNode();
  const answers = await engineAnswers();
  await ensureSystemPackages({ testing, building: !npmPackagesAreThere(root), engineAnswers: answers });
  await ensureNpmPackages(root);
  const stale = Object.keys(TARGETS).filter((name) => !isFresh(name));
  if (stale.length > 0) {
    await step(`building ${stale.join(', ')}`, () =>
      runQuietly(process.execPath, [join(root, 'tools', 'build.mjs'), ...stale], { cwd: root }),
    );
  }
  if (!(await ensureEngine())) return;
  const status = await runOpenly(process.execPath, [swarmlab, 'prepare']);
  if (status > SIGNALLED) process.exit(status);
  if (status !== 0) tell('the node image is missing: real nodes (dind) will not work until that is put right');
}

const commands = {
  start: async (args) => {
    await prepare({ testing: false });
    return runOpenly(process.execPath, [swarmlab, 'serve', ...args], { stdin: 'inherit' });
  },
  test: async () => {
    await prepare({ testing: true });
    return runTests(root, ['unit', 'integration', 'e2e']);
  },
  full: async () => {
    await prepare({ testing: true });
    return runTests(root, ['unit', 'integration', 'e2e', 'long']);
  },
};

const [name = 'start', ...args] = process.argv.slice(2);
try {
  if (!(name in commands)) throw new SetupProblem(`there is no ${name}`, ['npm start, npm test, npm run full']);
  process.exitCode = await commands[name](args);
} catch (error) {
  if (!(error instanceof SetupProblem)) throw error;
  tell(error.message);
  for (const line of error.next) tell(`  ${line}`);
  process.exitCode = 3;
}
