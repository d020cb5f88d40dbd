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

/** Milliseconds that the helper stays when there is nothing to open: what publishes one port often publishes another soon. */
const LINGER = 5_000;

/**
 * Opens TCP ports on all addresses of a network namespace, held by this process; a helper in there does it. The helper is a program of its
 * own that takes more memory than all the rest of a student's cluster, so it is there only while ports are being opened.
 */
export class PortOpener {
  readonly #namespaces: ClusterNamespaces;
  readonly #waiting = new Map<number, Opened>();
  #helper: ChildProcess | undefined;
  #leaving: NodeJS.Timeout | undefined;

  constructor(namespaces: ClusterNamespaces) {
    this.#namespaces = namespaces;
  }

  /** Rejects when the port is taken. One call for a port at a time. */
  open(port: number): Promise<Server> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(port, (error, server) => (server === undefined ? reject(error) : resolve(server)));
      this.prepare().send(port);
    });
  }

  /** Has the helper ready for what will be opened soon. */
  prepare(): ChildProcess {
    clearTimeout(this.#leaving);
    this.#helper ??= this.#start();
    return this.#helper;
  }

  close(): void {
    clearTimeout(this.#leaving);
    if (this.#helper?.connected) this.#helper.disconnect();
    this.#helper = undefined;
  }

  #start(): ChildProcess {
    const [file = '', ...args] = [...this.#namespaces.enter, process.execPath, '-e', OPENER];
    const helper = spawn(file, args, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    helper.on('message', (message: { port: number; error?: string }, server) => {
      const opened = this.#waiting.get(message.port);
      this.#waiting.delete(message.port);
      if (message.error === undefined) opened?.(undefined, server as Server);
      else opened?.(new Error(`port ${message.port}: ${message.error}`));
      if (this.#waiting.size === 0) this.#leaveLater();
    });
    const ended = () => {
      if (this.#helper !== helper) return;
      this.#helper = undefined;
      for (const opened of this.#waiting.values()) opened(new Error('the opener of ports has ended'));
      this.#waiting.clear();
    };
    helper.on('exit', ended).on('error', ended);
    return helper;
  }

  #leaveLater(): void {
    clearTimeout(this.#leaving);
    this.#leaving = setTimeout(() => this.close(), LINGER);
    this.#leaving.unref();
  }
}
