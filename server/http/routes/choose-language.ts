import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { type ServerContext, userOf } from '../server-context.ts';
import { workspaceParams } from './params.ts';

const body = z.strictObject({ language: z.string().max(35) });

/** PUT /api/workspaces/ID/language: every page of the workspace shows the lab in that language from now on. */
export function chooseLanguage(server: FastifyInstance, { workspaces }: ServerContext): void {
  server.put('/api/workspaces/:workspace/language', async (request, reply) => {
    const params = workspaceParams.parse(request.params);
    const { language } = body.parse(request.body);
    (await workspaces.get(userOf(request).id, params.workspace)).speak(language);
    return reply.code(204).send();
  });
}
