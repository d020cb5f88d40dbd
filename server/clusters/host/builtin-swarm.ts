import { existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { RealClock } from '../../clock/real-clock.ts';
import { SwarmlabError } from '../../errors/swarmlab-error.ts';
import { createSwarmHandler, type SwarmHandler } from '../../gateway/swarm-api/swarm-handler.ts';
import type { TaskExplanation } from '../../orchestrator/api/explain.ts';
import { parseAgentMessage } from '../../orchestrator/dispatcher/agent-message.ts';
import { overWebSocket } from '../../orchestrator/dispatcher/websocket-transport.ts';
import { openFleet } from '../../orchestrator/membership/open-fleet.ts';
import type { SwarmFleet } from '../../orchestrator/membership/swarm-fleet.ts';
import type { ClusterRecord } from '../cluster-record.ts';
import { PROJECT_ROOT } from '../project-root.ts';
import type { ClusterFolder } from '../state-folder.ts';
import { addressIn, parseSubnet } from '../subnet.ts';
import { Credentials } from './credentials.ts';
import { listenOnSocket } from './listen-on-socket.ts';
import { resolveTask } from './resolve-task.ts';

const UNAUTHORIZED = 'HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\nconnection: close\r\n\r\n';

/**
 * The builtin orchestrator of one cluster: the fleet with its file, the door through which the nodes' gateways ask it (a socket
 * mounted into every node), and the one through which their agents dial in (over the cluster's own network, so that a node
 * that is cut off is cut off). At both a node proves itself with its credential.
 */
export class BuiltinSwarm {
  readonly #fleet: SwarmFleet;
  readonly #machines: readonly string[];
  readonly #servers: Server[];
  readonly #agents: WebSocketServer;

  private constructor(fleet: SwarmFleet, machines: readonly string[], servers: Server[], agents: WebSocketServer) {
    this.#fleet = fleet;
    this.#machines = machines;
    this.#servers = servers;
    this.#agents = agents;
  }

  /** Opens what there is of the cluster, and both doors. `log` is told what could not be written, `changed` of every change. */
  static async open(
    record: ClusterRecord,
    folder: ClusterFolder,
    { log, changed }: { log: (message: string) => void; changed: () => void },
  ): Promise<BuiltinSwarm> {
    const clock = new RealClock();
    const workerFile = join(PROJECT_ROOT, 'build', 'cli', 'persistence-worker.js');
    const fleet = await openFleet({
      clock,
      machines: record.nodes.map(({ name, hostname, address }) => ({ name, hostname, address })),
      path: folder.store,
      ...(existsSync(workerFile) && { workerFile }),
      changed,
      onFailure: (message) => log(`the store could not be written: ${message}`),
    });
    const credentials = new Credentials(record.nodes);
    const handlers = new Map(
      record.nodes.map(({ name }) => [name, createSwarmHandler(fleet.machine(name), { clock })]),
    );
    const gatewayDoor = createServer((request, response) => ask(handlers, credentials, request, response));
    const agents = new WebSocketServer({ noServer: true, perMessageDeflate: false });
    const agentDoor = createServer((_, response) => response.writeHead(426).end());
    agentDoor.on('upgrade', (request, socket, head) => {
      const node = request.url === '/agent' ? credentials.nodeOf(request) : undefined;
      if (node === undefined) refuse(socket);
      else {
        agents.handleUpgrade(request, socket, head, (webSocket) =>
          fleet.agentConnected(node, overWebSocket(webSocket, parseAgentMessage)),
        );
      }
    });
    await listenOnSocket(gatewayDoor, folder.swarmSocket);
    await listenAt(agentDoor, gatewayAddress(record), record.agentPort);
    return new BuiltinSwarm(
      fleet,
      record.nodes.map(({ name }) => name),
      [gatewayDoor, agentDoor],
      agents,
    );
  }

  /** The machine was off, and is on again. */
  machineRestarted(node: string): void {
    this.#fleet.machineRestarted(node);
  }

  /** Why a task (by ID, or the beginning of one, or name) is where it is, as a manager knows it. */
  explain(task: string): TaskExplanation {
    let refusal: unknown;
    for (const name of this.#machines) {
      try {
        const control = this.#fleet.machine(name).control();
        return control.tasks.explain(resolveTask(control, task));
      } catch (error) {
        refusal ??= error;
      }
    }
    throw new SwarmlabError('SL_USAGE', refusal instanceof Error ? refusal.message : `there is no task ${task}`, {
      next: '`docker service ps SERVICE` on a manager shows the tasks.',
    });
  }

  /** Resolves when everything that happened is durable. */
  async close(): Promise<void> {
    for (const client of this.#agents.clients) client.terminate();
    for (const server of this.#servers) {
      server.close();
      server.closeAllConnections();
    }
    await this.#fleet.close();
  }
}

/** The address that the machine outside has in the cluster's network. */
function gatewayAddress(record: ClusterRecord): string {
  const subnet = parseSubnet(record.subnet);
  if (!subnet) throw new SwarmlabError('SL_INTERNAL', `${record.subnet} is no subnet`);
  return addressIn(subnet, 1);
}

/** Where the nodes' agents dial; undefined where a real Swarm orchestrates. */
export function hostUrl(record: ClusterRecord): string | undefined {
  return record.orchestrator === 'builtin' ? `ws://${gatewayAddress(record)}:${record.agentPort}` : undefined;
}

/** `/swarm/NODE/v1.45/services`: the node asks as itself, and as nobody else. */
function ask(
  handlers: ReadonlyMap<string, SwarmHandler>,
  credentials: Credentials,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const [, name, path] = /^\/swarm\/([^/]+)(\/.*)$/.exec(request.url ?? '') ?? [];
  const handler = handlers.get(name ?? '');
  if (handler === undefined || path === undefined) response.writeHead(404).end();
  else if (credentials.nodeOf(request) !== name) response.writeHead(401).end();
  else handler(request, response, path);
}

function refuse(socket: Duplex): void {
  socket.end(UNAUTHORIZED);
}

function listenAt(server: Server, address: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(
        new SwarmlabError(
          'SL_PORT_IN_USE',
          `the nodes' agents cannot be listened for at ${address}:${port}: ${error.message}`,
          {
            cause: error,
            next: 'The Docker engine must run on this machine; end what else listens there.',
          },
        ),
      ),
    );
    server.listen(port, address, resolve);
  });
}
