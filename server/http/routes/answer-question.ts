import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { type ServerContext, userOf } from '../server-context.ts';
import { questionParams } from './params.ts';

const body = z.strictObject({ answer: z.array(z.string().max(500)).max(20) });

/** PUT /api/workspaces/ID/answers/QUESTION: the student's answer; the step's check judges it. */
export function answerQuestion(server: FastifyInstance, { workspaces }: ServerContext): void {
  server.put('/api/workspaces/:workspace/answers/:question', async (request, reply) => {
    const params = questionParams.parse(request.params);
    const { answer } = body.parse(request.body);
    const workspace = await workspaces.get(userOf(request).id, params.workspace);
    await workspace.steps.answer(params.question, answer);
    return reply.code(204).send();
  });
}
