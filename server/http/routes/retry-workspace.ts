import type { FastifyInstance } from 'fastify';
import { type ServerContext, userOf } from '../server-context.ts';
import { workspaceParams } from './params.ts';

/** POST /api/workspaces/ID/cluster: brings the cluster up, after it failed or was removed. */
export function retryWorkspace(server: FastifyInstance, { workspaces }: ServerContext): void {
  server.post('/api/workspaces/:workspace/cluster', async (request, reply) => {
    const params = workspaceParams.parse(request.params);
    const workspace = await workspaces.get(userOf(request).id, params.workspace);
    void workspace.cluster.bringUp();
    return reply.code(202).send();
  });
}
