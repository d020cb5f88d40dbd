import type { FastifyInstance } from 'fastify';
import { type ServerContext, userOf } from '../server-context.ts';
import { stepParams } from './params.ts';

/** POST /api/workspaces/ID/steps/STEP/check: checks a step, which takes as long as its checks may; the live socket tells meanwhile. */
export function checkStep(server: FastifyInstance, { workspaces }: ServerContext): void {
  server.post('/api/workspaces/:workspace/steps/:step/check', async (request) => {
    const params = stepParams.parse(request.params);
    const workspace = await workspaces.get(userOf(request).id, params.workspace);
    return workspace.steps.check(params.step);
  });
}
