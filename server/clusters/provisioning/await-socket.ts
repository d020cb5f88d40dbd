import { watch } from 'node:fs';
import { connect } from 'node:net';
import { dirname } from 'node:path';

/** A server may listen a moment after its socket has appeared, and an old socket may lie there: so it is tried now and then too. */
const RETRY = 100;

/** Resolves once somebody listens on a unix socket that may not be there yet; rejects when the signal aborts. */
export async function awaitSocket(path: string, signal: AbortSignal): Promise<void> {
  while (!(await listens(path))) {
    signal.throwIfAborted();
    await changeIn(dirname(path), signal);
  }
}

/** Whether somebody listens on a unix socket. */
export function listens(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** Resolves with the next change in a folder, or soon. */
function changeIn(folder: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      watcher.close();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, RETRY);
    const watcher = watch(folder, done);
    watcher.once('error', done);
    signal.addEventListener('abort', done);
  });
}
