import { chmodSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';

/** Listens on a unix socket that only its owner may open, in place of one that an earlier process left behind. */
export function listenOnSocket(server: Server, path: string): Promise<void> {
  rmSync(path, { force: true });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      chmodSync(path, 0o600);
      resolve();
    });
  });
}
