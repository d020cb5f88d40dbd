import type { FastifyInstance } from 'fastify';
import type { WebSocket } from 'ws';
import type { Disposable } from '../../clock/clock.ts';
import { keepAlive, toBytes } from '../../terminals/terminal-socket.ts';
import { liveRequest } from '../../workspaces/view/live-message.ts';
import type { Workspace } from '../../workspaces/workspace.ts';
import { type ServerContext, userOf } from '../server-context.ts';
import { workspaceParams } from './params.ts';

/** WebSocket close code "policy violation" (RFC 6455, 7.4.1). */
const BAD_MESSAGE = 1008;

/** WebSocket /api/workspaces/ID/live: everything about a workspace, and every change from then on. */
export function liveSocket(server: FastifyInstance, { workspaces }: ServerContext): void {
  server.get(
    '/api/workspaces/:workspace/live',
    {
      websocket: true,
      preValidation: async (request) => {
        await workspaces.get(userOf(request).id, workspaceParams.parse(request.params).workspace);
      },
    },
    async (socket, request) => {
      const params = workspaceParams.parse(request.params);
      const workspace = await workspaces.get(userOf(request).id, params.workspace);
      await serveLive(socket, workspace);
    },
  );
}

async function serveLive(socket: WebSocket, workspace: Workspace): Promise<void> {
  const stopPinging = keepAlive(socket);
  let watched: string | null = null;
  let watching: Promise<Disposable> | undefined;
  const watch = (step: string | null) => {
    watched = step;
    void watching?.then((watch) => watch.dispose()).catch(() => undefined);
    // While there is no cluster there is nothing to watch; when there is one, it is tried again.
    watching = step === null ? undefined : workspace.steps.watch(step);
    watching?.catch(() => undefined);
  };
  let subscription: Disposable | undefined;
  const subscribe = () => {
    if (socket.readyState !== socket.OPEN) return;
    subscription = workspace.subscribe((message) => {
      if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
      if (message.type === 'status' && message.status.phase === 'ready') watch(watched);
    });
  };
  socket.on('message', (data, isBinary) => {
    const request = isBinary ? undefined : liveRequest.safeParse(parseJson(toBytes(data).toString()));
    if (request?.success !== true) socket.close(BAD_MESSAGE, 'not a message of this protocol');
    else if (request.data.step !== watched) watch(request.data.step);
  });
  socket.on('close', () => {
    stopPinging();
    subscription?.dispose();
    watch(null);
  });
  socket.on('error', () => socket.terminate());
  await workspace.settled();
  subscribe();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
