import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Server } from 'node:net';
import type { ClusterNamespaces } from './cluster-namespaces.ts';

/**
 * Run inside the namespace: opens the port and hands it to the parent, which then accepts connections that arrive in there. A socket
 * belongs to the namespace in which it was made, whoever holds it.
 */
const OPEN_PORT = `
  const server = require('net').createServer();
  server.on('error', (error) => process.send({ error: error.code }, () => process.exit(1)));
  server.listen({ port: Number(process.argv[1]), host: process.argv[2], backlog: 511 }, () =>
    process.send({ ready: true }, server, () => process.exit(0)));
`;

/** A TCP port of an address in a network namespace, held by this process. Rejects when it is taken. */
export async function listenInside(namespaces: ClusterNamespaces, address: string, port: number): Promise<Server> {
  const [file = '', ...args] = [...namespaces.enter, process.execPath, '-e', OPEN_PORT, String(port), address];
  const child = spawn(file, args, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  const [message, handle] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => [{ error: 'the helper ended' }, undefined]),
  ]);
  if (handle === undefined) throw new Error(`port ${port} of ${address}: ${message.error}`);
  return handle as Server;
}
