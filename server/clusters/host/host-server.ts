import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { SwarmlabError } from '../../errors/swarmlab-error.ts';
import { CHANGES_APART, commandUser, type HostFailure, nodeAction, type ProgressLine } from './host-api.ts';
import type { HostedCluster } from './hosted-cluster.ts';

/** The cluster host's HTTP API, for whoever may open its socket. */
export function createHostServer(host: HostedCluster): Server {
  return createServer((request, response) => {
    answer(host, request, response).catch((error: unknown) => {
      const known = error instanceof SwarmlabError ? error : new SwarmlabError('SL_INTERNAL', String(error));
      const failure: HostFailure = { code: known.code, message: known.message, next: known.next };
      send(response, known.exitCode === 2 ? 400 : 500, failure);
    });
  });
}

async function answer(host: HostedCluster, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://host');
  const route = `${request.method} ${pathname}`;
  const node = /^POST \/v0\/nodes\/([^/]+)\/(stop|start|disconnect|connect)$/.exec(route);
  const prefix = /^GET \/v0\/nodes\/([^/]+)\/command\/([^/]+)$/.exec(route);
  const explained = /^GET \/v0\/explain\/([^/]+)$/.exec(route);
  if (route === 'GET /v0/state') send(response, 200, host.state());
  else if (route === 'GET /v0/progress') streamProgress(host, response);
  else if (route === 'GET /v0/changes') streamChanges(host, response);
  else if (explained) send(response, 200, host.explain(decodeURIComponent(explained[1] ?? '')));
  else if (route === 'POST /v0/down') {
    await host.down();
    send(response, 200, {});
  } else if (prefix) {
    send(response, 200, host.commandPrefix(decodeURIComponent(prefix[1] ?? ''), commandUser.parse(prefix[2])));
  } else if (node) {
    await host.act(decodeURIComponent(node[1] ?? ''), nodeAction.parse(node[2]));
    send(response, 200, {});
  } else {
    throw new SwarmlabError('SL_USAGE', `the cluster host does not know ${route}`);
  }
}

/** Everything so far, then everything to come, until the cluster is ready or has failed. */
function streamProgress(host: HostedCluster, response: ServerResponse): void {
  const write = (line: ProgressLine) => response.write(`${JSON.stringify(line)}\n`);
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  const unfollow = host.progress.follow(write);
  const finish = () => {
    const { phase, failure } = host.state();
    write({ phase, ...(failure && { failure }) });
    response.end();
  };
  const settled = host.state().phase !== 'creating';
  if (settled) finish();
  else host.once('settled', finish);
  response.once('close', () => {
    unfollow();
    host.off('settled', finish);
  });
}

/** A line at once when something changes, and another for all that changed right after it; ends with the cluster. */
function streamChanges(host: HostedCluster, response: ServerResponse): void {
  let pause: NodeJS.Timeout | undefined;
  let more = false;
  const tell = () => {
    more = pause !== undefined;
    if (more) return;
    response.write('{}\n');
    pause = setTimeout(() => {
      pause = undefined;
      if (more) tell();
    }, CHANGES_APART);
  };
  const end = () => response.end();
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  response.flushHeaders();
  host.on('changed', tell);
  host.once('removed', end);
  response.once('close', () => {
    clearTimeout(pause);
    host.off('changed', tell);
    host.off('removed', end);
  });
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
