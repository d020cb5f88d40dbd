import type { FastifyInstance } from 'fastify';
import { type ServerContext, userOf } from '../server-context.ts';
import { stepParams } from './params.ts';

/** POST /api/workspaces/ID/steps/STEP/hints: one hint more. */
export function showHint(server: FastifyInstance, { workspaces }: ServerContext): void {
  server.post('/api/workspaces/:workspace/steps/:step/hints', async (request) => {
    const params = stepParams.parse(request.params);
    const workspace = await workspaces.get(userOf(request).id, params.workspace);
    return workspace.steps.nextHint(params.step);
  });
}
