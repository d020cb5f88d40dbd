import { type ClientRequest, request } from 'node:http';
import { SwarmlabError } from '../../../errors/swarmlab-error.ts';
import { startDetached } from '../../host/start-detached.ts';
import { listens } from '../../provisioning/await-socket.ts';
import { type ClusterFolder, makePrivateFolder } from '../../state-folder.ts';
import { underLock } from './file-lock.ts';
import { CLUSTERS_PER_HOST, SharedHostFolder } from './shared-host-folder.ts';

const FULL = 409;

/**
 * Has an embedded cluster owned by a process that owns others too, one of which is started when none has room; resolves when the
 * cluster's own socket listens. SL_HOST_UNREACHABLE when no process comes up.
 */
export function hostEmbedded(folder: ClusterFolder): Promise<void> {
  return underLock(SharedHostFolder.choosing(), async () => {
    if (await listens(folder.hostSocket)) return;
    for (let number = 0; ; number++) {
      const shared = new SharedHostFolder(number);
      await ensureRuns(number, shared);
      const { status, text } = await call(shared.socket, 'POST', `/v0/clusters/${folder.name}`);
      if (status === FULL) continue;
      if (status < 400) return;
      throw new SwarmlabError(
        'SL_HOST_UNREACHABLE',
        `the host of embedded clusters did not take ${folder.name}: ${text}`,
      );
    }
  });
}

/**
 * Sees to it that a process with room for another embedded cluster runs, so that the next one need not wait for it, and keeps it
 * running until disposed.
 */
export async function keepSharedHost(): Promise<{ dispose(): void }> {
  return underLock(SharedHostFolder.choosing(), async () => {
    for (let number = 0; ; number++) {
      const shared = new SharedHostFolder(number);
      await ensureRuns(number, shared);
      const { status, text } = await call(shared.socket, 'GET', '/v0/clusters');
      if (status < 400 && (JSON.parse(text) as string[]).length >= CLUSTERS_PER_HOST) continue;
      const hold = openHold(shared.socket);
      return { dispose: () => hold.destroy() };
    }
  });
}

async function ensureRuns(number: number, shared: SharedHostFolder): Promise<void> {
  if (await listens(shared.socket)) return;
  makePrivateFolder(shared.path);
  await startDetached({
    what: 'the host of embedded clusters',
    entry: 'shared-host.js',
    args: [String(number)],
    lock: shared.lock,
    log: shared.log,
    socket: shared.socket,
  });
}

function openHold(socketPath: string): ClientRequest {
  const hold = request({ socketPath, path: '/v0/hold', agent: false });
  hold.on('response', (response) => response.resume().on('error', () => undefined));
  hold.on('error', () => undefined);
  hold.on('socket', (socket) => socket.unref());
  hold.end();
  return hold;
}

function call(socketPath: string, method: string, path: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ socketPath, method, path, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 500, text: Buffer.concat(chunks).toString() }),
      );
    });
    outgoing.once('error', (cause) =>
      reject(new SwarmlabError('SL_HOST_UNREACHABLE', `the host of embedded clusters: ${cause.message}`, { cause })),
    );
    outgoing.end();
  });
}
