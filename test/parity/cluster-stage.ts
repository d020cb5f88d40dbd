import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { findCluster } from '../../server/clusters/find-cluster.ts';
import { hostOf } from '../../server/clusters/host/host-process.ts';
import type { Answer } from './normalise.ts';
import type { Stage } from './replay.ts';

const COMMAND_LIMIT = 120_000;
const ROOT = resolve(import.meta.dirname, '..', '..');

/** Plays on a cluster that swarmlab made, with its own command, as a user would. */
export function clusterStage(cluster: string): Stage {
  return {
    run: (node, command) =>
      run(join(ROOT, 'bin', 'swarmlab.mjs'), ['cluster', 'exec', cluster, node, '--', 'sh', '-c', command]),
    power: async (node, action) => {
      await (await hostOf(findCluster(cluster).folder)).act(node, action === 'kill' ? 'stop' : 'start');
    },
    sleep: (milliseconds) => new Promise((done) => setTimeout(done, milliseconds)),
  };
}

function run(file: string, args: string[]): Promise<Answer> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [file, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: COMMAND_LIMIT,
    });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      err += chunk;
    });
    child.once('error', fail);
    child.once('close', (code) => done({ exit: code ?? 124, out, err }));
  });
}
