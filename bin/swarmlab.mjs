#!/usr/bin/env node
/** The `swarmlab` command: runs the built CLI, which is built first where a source is newer than it. */
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isFresh } from '../tools/freshness.mjs';

const root = resolve(import.meta.dirname, '..');
if (!isFresh('cli')) {
  const built = spawnSync(process.execPath, [join(root, 'tools', 'build.mjs'), 'cli', 'agent'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (built.status !== 0) {
    process.stderr.write('error[SL_INTERNAL]: the sources could not be built\n  `npm run build` shows why.\n');
    process.exit(3);
  }
}
// Whoever reads the output may have seen enough (`| head`).
process.stdout.on('error', (error) => {
  if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
  throw error;
});
const { main } = await import(pathToFileURL(join(root, 'build', 'cli', 'main.js')).href);
process.exitCode = await main(process.argv.slice(2));
