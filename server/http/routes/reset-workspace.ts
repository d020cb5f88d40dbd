import type { FastifyInstance } from 'fastify';
import { type ServerContext, userOf } from '../server-context.ts';
import { workspaceParams } from './params.ts';

/** POST /api/workspaces/ID/reset: a new cluster and a clean sheet. The live socket tells how far it is. */
export function resetWorkspace(server: FastifyInstance, { workspaces }: ServerContext): void {
  server.post('/api/workspaces/:workspace/reset', async (request, reply) => {
    const params = workspaceParams.parse(request.params);
    const workspace = await workspaces.get(userOf(request).id, params.workspace);
    await workspace.reset();
    return reply.code(204).send();
  });
}
