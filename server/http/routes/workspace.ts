import type { FastifyInstance } from 'fastify';
import { type ServerContext, userOf } from '../server-context.ts';
import { workspaceParams } from './params.ts';

/** GET /api/workspaces/ID: all there is about it but the state of its cluster. */
export function workspace(server: FastifyInstance, { workspaces }: ServerContext): void {
  server.get('/api/workspaces/:workspace', async (request) => {
    const params = workspaceParams.parse(request.params);
    return (await workspaces.get(userOf(request).id, params.workspace)).view;
  });
}
