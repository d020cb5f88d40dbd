import { createServer as createHttpServer } from 'node:http';
import type { Server, Socket } from 'node:net';
import { portsOf } from '../../engine/simulator/host-ports.ts';
import type { ClusterNamespaces } from './cluster-namespaces.ts';
import type { EmbeddedCluster } from './embedded-cluster.ts';
import { listenInside } from './listen-inside.ts';

/** Milliseconds in which changes are gathered before ports are opened and closed. */
const GATHERING = 20;

/**
 * Real sockets for what simulated containers publish: `curl http://worker1.docker-dca.example:30000` in a student's shell connects to a
 * port that is open in the cluster's network namespace, and is answered by the simulated task that the mesh chooses.
 */
export class OpenPorts {
  readonly #cluster: EmbeddedCluster;
  readonly #namespaces: ClusterNamespaces;
  readonly #open = new Map<number, Server | 'opening'>();
  readonly #log: (message: string) => void;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(cluster: EmbeddedCluster, namespaces: ClusterNamespaces, log: (message: string) => void) {
    this.#cluster = cluster;
    this.#namespaces = namespaces;
    this.#log = log;
  }

  /** Something may have been published, or not be any more. */
  review(): void {
    if (this.#closed) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#reconcile();
    }, GATHERING);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const server of this.#open.values()) if (server !== 'opening') server.close();
    this.#open.clear();
  }

  #reconcile(): void {
    const wanted = new Set<number>();
    for (const node of this.#cluster.nodes.values()) {
      for (const port of node.view.openPorts()) wanted.add(port);
      for (const container of node.engine.containers()) {
        for (const key of portsOf(container)) if (key.endsWith('/tcp')) wanted.add(Number.parseInt(key, 10));
      }
    }
    for (const [port, server] of this.#open) {
      if (wanted.has(port) || server === 'opening') continue;
      server.close();
      this.#open.delete(port);
    }
    for (const port of wanted) if (!this.#open.has(port)) void this.#listen(port);
  }

  async #listen(port: number): Promise<void> {
    this.#open.set(port, 'opening');
    try {
      const server = await listenInside(this.#namespaces, '0.0.0.0', port);
      server.on('connection', (socket) => this.#serve(socket, port));
      this.#open.set(port, server);
      if (this.#closed) server.close();
      else this.review();
    } catch (error) {
      this.#open.delete(port);
      this.#log(error instanceof Error ? error.message : String(error));
    }
  }

  #serve(socket: Socket, port: number): void {
    socket.on('error', () => socket.destroy());
    const address = socket.localAddress;
    const plan = this.#cluster.plans.find((node) => node.address === address) ?? this.#cluster.plans[0];
    if (plan === undefined) return void socket.destroy();
    const http = createHttpServer((request, response) => {
      const { method = 'GET', url = '/' } = request;
      this.#cluster.wire.requestNode(plan.name, port, url, method, socket.remoteAddress ?? '').then(
        (answer) => {
          response.writeHead(answer.status, answer.headers);
          response.end(answer.body);
        },
        // Nobody listens behind the port: what a client would see is a connection that is reset.
        () => socket.resetAndDestroy(),
      );
    });
    http.emit('connection', socket);
  }
}
