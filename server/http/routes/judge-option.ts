import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { type ServerContext, userOf } from '../server-context.ts';
import { questionParams } from './params.ts';

const body = z.strictObject({ number: z.number().int().min(0).max(100), yes: z.boolean() });

/** POST /api/workspaces/ID/questions/QUESTION/judgements: yes or no to the option on show; gives the one that follows. */
export function judgeOption(server: FastifyInstance, { workspaces }: ServerContext): void {
  server.post('/api/workspaces/:workspace/questions/:question/judgements', async (request) => {
    const params = questionParams.parse(request.params);
    const { number, yes } = body.parse(request.body);
    const { steps } = await workspaces.get(userOf(request).id, params.workspace);
    await steps.judge(params.question, number, yes);
    return steps.domc.find(({ item }) => item === params.question);
  });
}
