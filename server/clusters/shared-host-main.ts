import { rmSync, writeFileSync } from 'node:fs';
import { AgentThread } from './embedded/agent-thread/agent-thread.ts';
import { sandboxProblem } from './embedded/sandbox-check.ts';
import { SharedHost } from './embedded/shared-host/shared-host.ts';
import { SharedHostFolder } from './embedded/shared-host/shared-host-folder.ts';
import { listenOnSocket } from './host/listen-on-socket.ts';

/** A host of embedded clusters: `shared-host.js NUMBER`, started with the lock of that number held. Lives while it has clusters. */
async function main(number: number): Promise<void> {
  const folder = new SharedHostFolder(number);
  writeFileSync(folder.lock, `${process.pid}\n`);
  const host = new SharedHost(() => {
    rmSync(folder.socket, { force: true });
    process.exit(0);
  });
  await listenOnSocket(host.server, folder.socket);
  // What the first cluster would have to wait for.
  if ((await sandboxProblem()) === undefined) AgentThread.start();
}

process.on('SIGHUP', () => undefined);
await main(Number(process.argv[2]));
