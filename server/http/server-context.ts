import type { FastifyRequest } from 'fastify';
import type { Clock } from '../clock/clock.ts';
import { SwarmlabError } from '../errors/swarmlab-error.ts';
import type { Workspaces } from '../workspaces/workspaces.ts';
import type { CookiePolicy } from './identity/cookie.ts';
import type { Identity } from './identity/identity.ts';
import type { User } from './identity/user.ts';
import type { RateLimit } from './rate-limit.ts';
import type { Tickets } from './tickets.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who is asking; null where nobody needs to be signed in. */
    user: User | null;
  }
}

/** What a ticket is for: the terminal of a workspace. */
export interface TerminalSubject {
  workspace: string;
  terminal: string;
}

/** What routes work with. */
export interface ServerContext {
  clock: Clock;
  identity: Identity;
  cookie: CookiePolicy;
  tickets: Tickets<TerminalSubject>;
  workspaces: Workspaces;
  limits: {
    /** Attempts to sign in, by address. */
    signIn: RateLimit;
    /** Requests that change something, by user. */
    changes: RateLimit;
  };
}

/** The signed-in user of a request; throws SL_NOT_SIGNED_IN. */
export function userOf(request: FastifyRequest): User {
  if (request.user === null) throw new SwarmlabError('SL_NOT_SIGNED_IN', 'nobody is signed in');
  return request.user;
}
