import type { FastifyInstance } from 'fastify';
import { type ServerContext, userOf } from '../server-context.ts';

/** GET /api/labs: the labs, and how far the user is in each. */
export function labs(server: FastifyInstance, { workspaces }: ServerContext): void {
  server.get('/api/labs', async (request) => workspaces.labs(userOf(request).id));
}
