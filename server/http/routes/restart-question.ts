import type { FastifyInstance } from 'fastify';
import { type ServerContext, userOf } from '../server-context.ts';
import { questionParams } from './params.ts';

/** DELETE /api/workspaces/ID/questions/QUESTION/judgements: the question begins anew; gives its first option. */
export function restartQuestion(server: FastifyInstance, { workspaces }: ServerContext): void {
  server.delete('/api/workspaces/:workspace/questions/:question/judgements', async (request) => {
    const params = questionParams.parse(request.params);
    const { steps } = await workspaces.get(userOf(request).id, params.workspace);
    await steps.restartQuestion(params.question);
    return steps.domc.find(({ item }) => item === params.question);
  });
}
