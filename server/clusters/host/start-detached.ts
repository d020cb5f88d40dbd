import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isFull } from '../../errors/disk-full.ts';
import { SwarmlabError } from '../../errors/swarmlab-error.ts';
import { PROJECT_ROOT } from '../project-root.ts';
import { awaitSocket } from '../provisioning/await-socket.ts';
import { stateFolder } from '../state-folder.ts';

/** Milliseconds that a process has until it answers on its socket. */
const START_TIMEOUT = 60_000;
/** flock's exit status when another process holds the lock. */
const LOCKED = 75;
const TOLD_LINES = 5;

export interface DetachedProcess {
  /** In messages: `the host of cluster demo`. */
  what: string;
  /** The file of build/cli that it runs. */
  entry: string;
  args: readonly string[];
  /** Locked as long as it lives. */
  lock: string;
  log: string;
  /** Where it answers. */
  socket: string;
}

/**
 * Starts a process that outlives this one, and waits until it answers. A lock that the kernel drops with the process keeps a second one
 * from running. SL_HOST_UNREACHABLE when it does not come up.
 */
export async function startDetached(wanted: DetachedProcess): Promise<void> {
  const program = join(PROJECT_ROOT, 'build', 'cli', wanted.entry);
  if (!existsSync(program)) {
    throw new SwarmlabError('SL_INTERNAL', 'the cluster host has not been built', { next: 'Run `npm run build`.' });
  }
  const log = openSync(wanted.log, 'a', 0o600);
  const command = [process.execPath, '--enable-source-maps', program, ...wanted.args];
  const child = spawn('flock', ['--nonblock', '--no-fork', '-E', String(LOCKED), wanted.lock, ...command], {
    detached: true,
    stdio: ['ignore', log, log],
    cwd: '/',
    env: { ...process.env, SWARMLAB_STATE: stateFolder() },
  });
  closeSync(log);
  child.unref();
  const ended = new Promise<never>((_, reject) => {
    child.once('error', (error) => reject(notStarted(error.message, wanted)));
    // Another command has started it at the same time: then its socket is what both wait for.
    child.once('exit', (code) => code !== LOCKED && reject(notStarted(`it ended with ${code}`, wanted)));
  });
  const over = new AbortController();
  const answers = awaitSocket(wanted.socket, AbortSignal.any([over.signal, AbortSignal.timeout(START_TIMEOUT)])).catch(
    () => {
      throw notStarted('it does not answer', wanted);
    },
  );
  try {
    await Promise.race([answers, ended]);
  } finally {
    // How it ends one day, perhaps long after its cluster was removed, is nothing to whoever has started it.
    child.removeAllListeners('exit');
    // Whoever is told that it has ended need not wait for its answer any more.
    over.abort();
    answers.catch(() => undefined);
    ended.catch(() => undefined);
  }
}

function notStarted(why: string, { what, log }: DetachedProcess): SwarmlabError {
  // It could not even write down why.
  if (isFull(dirname(log))) {
    return new SwarmlabError('SL_DISK_FULL', `${what} did not start: there is no room in ${dirname(log)}`);
  }
  const lines = existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n') : [];
  const message = [`${what} did not start: ${why}`, ...lines.slice(-TOLD_LINES)].join('\n  | ');
  return new SwarmlabError('SL_HOST_UNREACHABLE', message, { next: `Its log is ${log}.` });
}
