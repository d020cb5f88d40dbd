import { existsSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { clusterRequest, readJsonFile } from '../../cluster-record.ts';
import { createHostServer } from '../../host/host-server.ts';
import { listenOnSocket } from '../../host/listen-on-socket.ts';
import { ClusterFolder } from '../../state-folder.ts';
import { EmbeddedHost } from '../embedded-host.ts';
import { CLUSTERS_PER_HOST } from './shared-host-folder.ts';

/** Milliseconds that a cluster which has failed is kept for its creator to read why. */
const FAILED_LINGER = 10_000;
/** Milliseconds without a cluster after which nothing more is expected. */
const IDLE_LINGER = 3_000;

/** Owns any number of embedded clusters, each behind a socket of its own as if it were alone. Calls `onIdle` when none is left. */
export class SharedHost {
  readonly server: Server;
  readonly #clusters = new Map<string, Server>();
  readonly #onIdle: () => void;
  #holds = 0;
  #idle: NodeJS.Timeout | undefined;

  constructor(onIdle: () => void) {
    this.#onIdle = onIdle;
    this.server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => send(response, 500, String(error)));
    });
    this.#expectSomething();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url = '' } = request;
    const name = /^\/v0\/clusters\/([a-z0-9-]+)$/.exec(url)?.[1];
    if (method === 'GET' && url === '/v0/clusters') send(response, 200, JSON.stringify([...this.#clusters.keys()]));
    else if (method === 'GET' && url === '/v0/hold') this.#hold(response);
    else if (method !== 'POST' || name === undefined) send(response, 404, `${method} ${url} is not known`);
    else if (this.#clusters.has(name)) send(response, 200, '');
    else if (this.#clusters.size >= CLUSTERS_PER_HOST) send(response, 409, 'no room');
    else {
      await this.#take(name);
      send(response, 201, '');
    }
  }

  /** Begins to own a cluster; resolves when its socket listens, while the cluster itself is still being made. */
  async #take(name: string): Promise<void> {
    const folder = new ClusterFolder(name);
    const request = readJsonFile(folder.request, clusterRequest);
    if (request === undefined) throw new Error(`${folder.request} is missing`);
    const host = new EmbeddedHost({ folder, request });
    const server = createHostServer(host);
    this.#clusters.set(name, server);
    try {
      await listenOnSocket(server, folder.hostSocket);
      writeFileSync(folder.hostLock, `${process.pid}\n`);
    } catch (error) {
      this.#clusters.delete(name);
      throw error;
    }
    host.once('removed', () => {
      this.#clusters.delete(name);
      server.close();
      server.closeIdleConnections();
      this.#expectSomething();
    });
    void host.run().then(() => {
      if (host.state().phase === 'failed') setTimeout(() => existsSync(folder.path) && host.down(), FAILED_LINGER);
    });
  }

  /** As long as the answer is open somebody is going to want a cluster. */
  #hold(response: ServerResponse): void {
    this.#holds++;
    response.writeHead(200);
    response.flushHeaders();
    response.once('close', () => {
      this.#holds--;
      this.#expectSomething();
    });
  }

  #expectSomething(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      if (this.#clusters.size === 0 && this.#holds === 0) this.#onIdle();
    }, IDLE_LINGER);
  }
}

function send(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(text);
}
