import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { type ServerContext, userOf } from '../server-context.ts';

const name = z.string().regex(/^[A-Za-z0-9_][\w-]{0,99}$/);
const body = z.strictObject({ lab: name, variant: name.optional() });

/** POST /api/workspaces: the user's workspace for a lab, made when there is none. Its cluster comes up meanwhile. */
export function startWorkspace(server: FastifyInstance, { workspaces }: ServerContext): void {
  server.post('/api/workspaces', async (request, reply) => {
    const { lab, variant } = body.parse(request.body);
    const workspace = await workspaces.start(userOf(request).id, lab, variant);
    return reply.code(201).send({ id: workspace.id });
  });
}
