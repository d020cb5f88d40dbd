import type { FastifyInstance } from 'fastify';
import { clearCookie, readCookie } from '../identity/cookie.ts';
import type { ServerContext } from '../server-context.ts';

/** POST /api/sign-out: ends the session. */
export function signOut(server: FastifyInstance, { identity, cookie }: ServerContext): void {
  server.post('/api/sign-out', async (request, reply) => {
    const session = readCookie(cookie, request.headers.cookie);
    if (session !== undefined) await identity.signOut(session);
    return reply.header('set-cookie', clearCookie(cookie)).code(204).send();
  });
}
