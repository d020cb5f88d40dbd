import type { FastifyInstance } from 'fastify';
import { userOf } from '../server-context.ts';

/** GET /api/me: who is signed in. */
export function me(server: FastifyInstance): void {
  server.get('/api/me', async (request) => {
    const { name, role } = userOf(request);
    return { name, role };
  });
}
