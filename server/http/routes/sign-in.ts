import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { setCookie } from '../identity/cookie.ts';
import { takeFrom } from '../request-checks.ts';
import type { ServerContext } from '../server-context.ts';

const params = z.object({ token: z.string().max(100) });

/** GET /sign-in/TOKEN: takes the one-time link, sets the cookie and leads away from the token at once. */
export function signIn(server: FastifyInstance, { identity, cookie, limits }: ServerContext): void {
  server.get('/sign-in/:token', async (request, reply) => {
    takeFrom(limits.signIn, request.ip);
    const { token } = params.parse(request.params);
    const session = await identity.signIn(token);
    reply.header('cache-control', 'no-store');
    // The page tells what to do when the link was not good any more.
    if (session === undefined) return reply.redirect('/?sign-in=failed', 303);
    return reply.header('set-cookie', setCookie(cookie, session)).redirect('/', 303);
  });
}
