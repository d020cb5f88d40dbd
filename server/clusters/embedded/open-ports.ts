import { createServer as createHttpServer } from 'node:http';
import type { Server, Socket } from 'node:net';
import type { Disposable } from '../../clock/clock.ts';
import type { TimeKeeper } from '../../clock/time-keeper.ts';
import { portsOf } from '../../engine/simulator/host-ports.ts';
import type { ClusterNamespaces } from './cluster-namespaces.ts';
import type { EmbeddedCluster } from './embedded-cluster.ts';
import { PortOpener } from './port-opener.ts';

/** Milliseconds in which changes are gathered before ports are opened and closed. */
const GATHERING = 20;

/**
 * Real sockets for what simulated containers publish: `curl http://worker1.docker-dca.example:30000` in a student's shell connects to a
 * port that is open in the cluster's network namespace, and is answered by the simulated task that the mesh chooses.
 */
export class OpenPorts {
  readonly #cluster: EmbeddedCluster;
  readonly #opener: PortOpener;
  readonly #time: TimeKeeper | undefined;
  readonly #open = new Map<number, Server | 'opening'>();
  readonly #log: (message: string) => void;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  /** Under way: virtual time stands still until ports are as they should be. */
  #work: Disposable | undefined;

  constructor(
    cluster: EmbeddedCluster,
    namespaces: ClusterNamespaces,
    time: TimeKeeper | undefined,
    log: (message: string) => void,
  ) {
    this.#cluster = cluster;
    this.#opener = new PortOpener(namespaces);
    // Where nobody but a grader waits, no time is to be lost.
    if (time !== undefined) this.#opener.prepare();
    this.#time = time;
    this.#log = log;
  }

  /** Something may have been published, or not be any more. */
  review(): void {
    if (this.#closed) return;
    this.#work ??= this.#time?.clock.hold();
    this.#timer ??= setTimeout(
      () => {
        this.#timer = undefined;
        this.#reconcile();
        this.#rest();
      },
      this.#time === undefined ? GATHERING : 0,
    );
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#work?.dispose();
    this.#opener.close();
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
      const server = await this.#opener.open(port);
      server.on('connection', (socket) => this.#serve(socket, port));
      this.#open.set(port, server);
      if (this.#closed) server.close();
      else this.review();
    } catch (error) {
      this.#open.delete(port);
      this.#log(error instanceof Error ? error.message : String(error));
    }
    this.#rest();
  }

  /** Lets time pass again once nothing is left to be opened. */
  #rest(): void {
    if (this.#timer !== undefined || [...this.#open.values()].includes('opening')) return;
    this.#work?.dispose();
    this.#work = undefined;
  }

  #serve(socket: Socket, port: number): void {
    socket.on('error', () => socket.destroy());
    const address = socket.localAddress;
    const plan = this.#cluster.plans.find((node) => node.address === address) ?? this.#cluster.plans[0];
    if (plan === undefined) return void socket.destroy();
    const http = createHttpServer((request, response) => {
      const { method = 'GET', url = '/' } = request;
      const open = this.#time?.request();
      response.once('finish', () => open?.dispose()).once('close', () => open?.dispose());
      const asked = { method, path: url, agent: request.headers['user-agent'] ?? '', from: socket.remoteAddress ?? '' };
      this.#cluster.wire.requestNode(plan.name, port, asked).then(
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
