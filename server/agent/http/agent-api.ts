import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { FilesApi } from '../../files/files-api.ts';
import type { WitnessedRequest } from '../../gateway/witness/witness.ts';
import type { TerminalApi } from '../../terminals/terminal-api.ts';

export interface AgentHealth {
  ok: boolean;
  engine: { up: boolean };
  /** How the agent stands with the cluster host; `none` where a real Swarm orchestrates. */
  session: 'none' | 'connecting' | 'connected';
}

export interface AgentApiOptions {
  terminals: TerminalApi;
  files: FilesApi;
  health: () => Promise<AgentHealth>;
  /** What the student's clients asked of the gateway after a sequence number. */
  requests: (since: number) => Promise<WitnessedRequest[]>;
}

/**
 * The agent's own HTTP API, for whoever may open the node's agent socket: GET /v0/health, GET /v0/requests?since=SEQUENCE with what
 * the student's clients asked, the terminals, and the student's files. What the student must not reach is kept from them by where the socket lies, not by
 * this server.
 */
export function createAgentServer(options: AgentApiOptions): Server {
  const server = createServer((request, response) => {
    if (options.terminals.handle(request, response) || options.files.handle(request, response)) return;
    answer(options, request, response).catch((error: unknown) => {
      send(response, 500, { code: 'SL_INTERNAL', message: error instanceof Error ? error.message : String(error) });
    });
  });
  server.on('upgrade', (request, socket, head) => {
    if (!options.terminals.upgrade(request, socket, head)) socket.end('HTTP/1.1 404 Not Found\r\n\r\n');
  });
  return server;
}

async function answer(options: AgentApiOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://node');
  const since = Number(searchParams.get('since') ?? 0);
  if (request.method === 'GET' && pathname === '/v0/health') send(response, 200, await options.health());
  else if (request.method === 'GET' && pathname === '/v0/requests') send(response, 200, await options.requests(since));
  else send(response, 404, { code: 'SL_USAGE', message: `${request.method} ${pathname} is not known here` });
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
