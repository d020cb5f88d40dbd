import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SwarmlabError } from '../../errors/swarmlab-error.ts';
import { clusterRecord, readJsonFile } from '../cluster-record.ts';
import { PROJECT_ROOT } from '../project-root.ts';
import { awaitSocket, listens } from '../provisioning/await-socket.ts';
import { type ClusterFolder, makePrivateFolder, stateFolder } from '../state-folder.ts';
import { HostClient } from './host-client.ts';

/** Milliseconds that a cluster host has until it answers on its socket. */
const START_TIMEOUT = 60_000;
/** flock's exit status when another host of the same cluster lives. */
const LOCKED = 75;
const TOLD_LINES = 5;

/**
 * The cluster's host. One that has died is started again, and waited for until it has adopted the cluster. SL_HOST_UNREACHABLE when
 * it does not come up.
 */
export async function hostOf(folder: ClusterFolder): Promise<HostClient> {
  const host = new HostClient(folder.hostSocket);
  if (await listens(folder.hostSocket)) return host;
  const adopts = readJsonFile(folder.record, clusterRecord)?.phase === 'ready';
  await startHost(folder);
  if (adopts) await host.followProgress(() => undefined);
  return host;
}

/** Whether a cluster's host lives. */
export function hostLives(folder: ClusterFolder): Promise<boolean> {
  return listens(folder.hostSocket);
}

/**
 * Starts the cluster's host as a process of its own that outlives this one, and waits until it answers. A lock that the kernel
 * drops with the process keeps a second one from running.
 */
async function startHost(folder: ClusterFolder): Promise<void> {
  const program = join(PROJECT_ROOT, 'build', 'cli', 'host.js');
  if (!existsSync(program)) {
    throw new SwarmlabError('SL_INTERNAL', 'the cluster host has not been built', { next: 'Run `npm run build`.' });
  }
  makePrivateFolder(folder.hostFolder);
  const log = openSync(folder.hostLog, 'a', 0o600);
  const command = [process.execPath, '--enable-source-maps', program, folder.name];
  const child = spawn('flock', ['--nonblock', '--no-fork', '-E', String(LOCKED), folder.hostLock, ...command], {
    detached: true,
    stdio: ['ignore', log, log],
    cwd: '/',
    env: { ...process.env, SWARMLAB_STATE: stateFolder() },
  });
  closeSync(log);
  child.unref();
  const ended = new Promise<never>((_, reject) => {
    child.once('error', (error) => reject(notStarted(error.message, folder)));
    // Another command has started it at the same time: then its socket is what both wait for.
    child.once('exit', (code) => code !== LOCKED && reject(notStarted(`it ended with ${code}`, folder)));
  });
  const answers = awaitSocket(folder.hostSocket, AbortSignal.timeout(START_TIMEOUT)).catch(() => {
    throw notStarted('it does not answer', folder);
  });
  await Promise.race([answers, ended]);
}

function notStarted(why: string, folder: ClusterFolder): SwarmlabError {
  const log = existsSync(folder.hostLog) ? readFileSync(folder.hostLog, 'utf8').trimEnd().split('\n') : [];
  const message = [`the host of cluster ${folder.name} did not start: ${why}`, ...log.slice(-TOLD_LINES)].join(
    '\n  | ',
  );
  return new SwarmlabError('SL_HOST_UNREACHABLE', message, { next: `Its log is ${folder.hostLog}.` });
}
