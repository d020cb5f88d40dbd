import { writeFileSync } from 'node:fs';
import { clusterRequest, readJsonFile } from './cluster-record.ts';
import { ClusterHost } from './host/cluster-host.ts';
import { createHostServer } from './host/host-server.ts';
import { listenOnSocket } from './host/listen-on-socket.ts';
import { outerEngine } from './outer-engine.ts';
import { ClusterFolder } from './state-folder.ts';

/** A failed cluster is kept for its creator to read why, this long. */
const FAILED_LINGER = 10_000;

/** The host of a cluster of real nodes: `host.js NAME`, started with the lock of that cluster's folder held. Lives until the cluster is removed. */
async function main(name: string): Promise<void> {
  const folder = new ClusterFolder(name);
  const request = readJsonFile(folder.request, clusterRequest);
  if (!request) throw new Error(`${folder.request} is missing`);
  writeFileSync(folder.hostLock, `${process.pid}\n`);
  const host = new ClusterHost({ engine: outerEngine(), folder, request });
  const server = createHostServer(host);
  await listenOnSocket(server, folder.hostSocket);
  host.once('removed', () => {
    server.close(() => process.exit(0));
    server.closeIdleConnections();
  });
  await host.run();
  if (host.state().phase === 'failed') setTimeout(() => host.down(), FAILED_LINGER);
}

process.on('SIGHUP', () => undefined);
await main(process.argv[2] ?? '');
