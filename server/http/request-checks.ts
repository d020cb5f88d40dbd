import type { FastifyInstance, FastifyRequest } from 'fastify';
import { SwarmlabError } from '../errors/swarmlab-error.ts';
import { readCookie } from './identity/cookie.ts';
import { type PublicAddress, refusal } from './origin.ts';
import type { RateLimit } from './rate-limit.ts';
import type { ServerContext } from './server-context.ts';

/** Refuses what does not come from a page of ours, on every route and every upgrade: there is no way round an onRequest hook. */
export function checkOrigins(server: FastifyInstance, address: PublicAddress): void {
  server.addHook('onRequest', async (request) => {
    const { method, headers } = request.raw;
    const upgrade = headers.upgrade !== undefined;
    const reason = refusal({ method: method ?? '', headers, upgrade }, address);
    if (reason !== undefined) throw new SwarmlabError('SL_FORBIDDEN', reason);
  });
}

/** Finds out who is asking, by the session's cookie, and refuses whoever is not signed in. */
export function requireUser(server: FastifyInstance, context: ServerContext): void {
  server.addHook('onRequest', async (request) => {
    const session = readCookie(context.cookie, request.headers.cookie);
    request.user = (session === undefined ? undefined : await context.identity.userOf(session)) ?? null;
    if (request.user === null) throw new SwarmlabError('SL_NOT_SIGNED_IN', 'nobody is signed in');
  });
}

/** Lets each user change things only so often. */
export function limitChanges(server: FastifyInstance, limit: RateLimit): void {
  server.addHook('onRequest', async (request: FastifyRequest) => {
    if (request.method !== 'GET') takeFrom(limit, request.user?.id ?? request.ip);
  });
}

/** Takes one from the limit; throws SL_TOO_MANY_REQUESTS when there is none left. */
export function takeFrom(limit: RateLimit, key: string): void {
  const seconds = limit.take(key);
  if (seconds > 0) {
    throw new SwarmlabError('SL_TOO_MANY_REQUESTS', 'that was too often', { next: `Try again in ${seconds} s.` });
  }
}
