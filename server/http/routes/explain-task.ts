import type { FastifyInstance } from 'fastify';
import { type ServerContext, userOf } from '../server-context.ts';
import { taskParams } from './params.ts';

/** GET /api/workspaces/ID/tasks/TASK/explanation: why a task is where it is, and how it came there. */
export function explainTask(server: FastifyInstance, { workspaces }: ServerContext): void {
  server.get('/api/workspaces/:workspace/tasks/:task/explanation', async (request) => {
    const { workspace, task } = taskParams.parse(request.params);
    return (await workspaces.get(userOf(request).id, workspace)).cluster.open.explain(task);
  });
}
