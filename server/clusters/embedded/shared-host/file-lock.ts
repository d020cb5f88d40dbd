import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { makePrivateFolder } from '../../state-folder.ts';

const ours = new Map<string, Promise<unknown>>();

/**
 * Does `work` while nobody else on this machine does theirs under the same lock. The kernel takes the lock from a process that dies.
 * Gives what `work` gives, and rejects as it does.
 */
export function underLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  // flock waits for other processes; within this one it takes turns, so that only one helper runs at a time.
  const turn = (ours.get(path) ?? Promise.resolve()).then(() => lockedWork(path, work));
  const settled = turn.catch(() => undefined);
  ours.set(path, settled);
  void settled.then(() => ours.get(path) === settled && ours.delete(path));
  return turn;
}

async function lockedWork<T>(path: string, work: () => Promise<T>): Promise<T> {
  makePrivateFolder(dirname(path));
  const holder = spawn('flock', [path, 'sh', '-c', 'echo locked; exec cat'], { stdio: ['pipe', 'pipe', 'ignore'] });
  const failed = Promise.race([
    once(holder, 'error').then(([error]) => Promise.reject(error)),
    once(holder, 'exit').then(() => Promise.reject(new Error(`${path} could not be locked`))),
  ]);
  failed.catch(() => undefined);
  await Promise.race([once(holder.stdout, 'data'), failed]);
  try {
    return await work();
  } finally {
    holder.stdin.end();
  }
}
