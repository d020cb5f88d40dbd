import type { FastifyInstance } from 'fastify';
import { type ServerContext, userOf } from '../server-context.ts';
import { workspaceParams } from './params.ts';

/** DELETE /api/workspaces/ID: removes its cluster, and how far the user was. */
export function removeWorkspace(server: FastifyInstance, { workspaces }: ServerContext): void {
  server.delete('/api/workspaces/:workspace', async (request, reply) => {
    const params = workspaceParams.parse(request.params);
    await workspaces.remove(userOf(request).id, params.workspace);
    return reply.code(204).send();
  });
}
