import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import type { PersistenceAnswer, PersistenceRequest } from './persistence-messages.ts';
import { StoreFile } from './store-file.ts';

/** Milliseconds that changes wait for company before they are written, unless someone waits for them. */
const GROUPING = 50;

/** The store's thread: writes what it is told in groups, at once when asked to flush. Ends when told to close. */
function main(): void {
  const { path } = z.object({ path: z.string() }).parse(workerData);
  const answer = (message: PersistenceAnswer) => parentPort?.postMessage(message);
  const file = new StoreFile(path);
  let waiting: (() => void)[] = [];
  let timer: NodeJS.Timeout | undefined;

  const write = () => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.length === 0) return;
    const work = waiting;
    try {
      file.transaction(() => {
        for (const change of work) change();
      });
      waiting = [];
    } catch (error) {
      // What could not be written is tried again with the next group.
      const message = error instanceof Error ? error.message : String(error);
      answer({ type: 'failed', message, full: /full|no space/i.test(message) });
    }
  };
  const later = (change: () => void) => {
    waiting.push(change);
    timer ??= setTimeout(write, GROUPING);
  };

  parentPort?.on('message', (request: PersistenceRequest) => {
    switch (request.type) {
      case 'commit':
        return later(() => file.commit(request));
      case 'document':
        return later(() => file.saveDocument(request.key, request.data));
      case 'forget':
        return later(() => file.forget(request.swarm));
      case 'flush':
        write();
        if (waiting.length === 0) answer({ type: 'flushed', ticket: request.ticket });
        return;
      case 'load':
        write();
        return answer({ type: 'loaded', ticket: request.ticket, state: file.load() });
      case 'close':
        write();
        file.close();
        parentPort?.close();
    }
  });
}

main();
