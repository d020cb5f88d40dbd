import { type ChildProcess, spawn } from 'node:child_process';
import type { Server } from 'node:net';
import type { ClusterNamespaces } from './cluster-namespaces.ts';

/**
 * Run inside the namespace: opens the ports that it is told and hands them to the parent, which then accepts connections that arrive in
 * there. A socket belongs to the namespace in which it was made, whoever holds it.
 */
const OPENER = `
  process.on('message', (port) => {
    const server = require('net').createServer();
    server.on('error', (error) => process.send({ port, error: error.code }));
    server.listen({ port, host: '0.0.0.0', backlog: 511 }, () => process.send({ port }, server, () => server.close()));
  });
  process.on('disconnect', () => process.exit());`;

type Opened = (error: Error | undefined, server?: Server) => void;

/** Opens TCP ports on all addresses of a network namespace, held by this process; a helper in there does it. */
export class PortOpener {
  readonly #helper: ChildProcess;
  readonly #waiting = new Map<number, Opened>();

  constructor(namespaces: ClusterNamespaces) {
    const [file = '', ...args] = [...namespaces.enter, process.execPath, '-e', OPENER];
    this.#helper = spawn(file, args, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    this.#helper.on('message', (message: { port: number; error?: string }, server) => {
      const opened = this.#waiting.get(message.port);
      this.#waiting.delete(message.port);
      if (message.error === undefined) opened?.(undefined, server as Server);
      else opened?.(new Error(`port ${message.port}: ${message.error}`));
    });
    const ended = () => {
      for (const opened of this.#waiting.values()) opened(new Error('the opener of ports has ended'));
      this.#waiting.clear();
    };
    this.#helper.on('exit', ended).on('error', ended);
  }

  /** Rejects when the port is taken. One call for a port at a time. */
  open(port: number): Promise<Server> {
    return new Promise((resolve, reject) => {
      if (!this.#helper.connected) return reject(new Error('the opener of ports has ended'));
      this.#waiting.set(port, (error, server) => (server === undefined ? reject(error) : resolve(server)));
      this.#helper.send(port);
    });
  }

  close(): void {
    if (this.#helper.connected) this.#helper.disconnect();
  }
}
