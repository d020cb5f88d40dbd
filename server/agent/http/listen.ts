import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';
import type { Server } from 'node:net';

/**
 * Listens on a unix socket, in place of one that an earlier process left behind. `group` may open it besides its owner; without,
 * only the owner may.
 */
export function listenOnSocket(server: Server, path: string, group?: string): Promise<void> {
  rmSync(path, { force: true });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.removeListener('error', reject);
      if (group !== undefined) execFileSync('chgrp', [group, path]);
      chmodSync(path, group === undefined ? 0o600 : 0o660);
      resolve();
    });
  });
}
