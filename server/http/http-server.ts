import { readFileSync } from 'node:fs';
import websocket from '@fastify/websocket';
import fastify, { type FastifyInstance, LogController } from 'fastify';
import type { Clock } from '../clock/clock.ts';
import { MAX_INPUT_BYTES } from '../terminals/protocol.ts';
import type { Workspaces } from '../workspaces/workspaces.ts';
import { addSecurityHeaders } from './headers.ts';
import { addErrorAnswers } from './http-errors.ts';
import { cookiePolicy } from './identity/cookie.ts';
import type { Identity } from './identity/identity.ts';
import { publicAddress } from './origin.ts';
import { addPage } from './page.ts';
import { RateLimit } from './rate-limit.ts';
import { checkOrigins, limitChanges, requireUser } from './request-checks.ts';
import { ROUTES, signIn } from './routes/routes.ts';
import type { ServerContext, TerminalSubject } from './server-context.ts';
import { chooseProtocol } from './socket-protocols.ts';
import { Tickets } from './tickets.ts';

/** The largest body of a request that is not a socket. */
const MAX_BODY_BYTES = 64 * 1024;

export interface HttpServerOptions {
  host: string;
  port: number;
  /** Files with the certificate (chain) and its key. */
  tls?: { cert: string; key: string } | undefined;
  /** How browsers reach the server when that is not `host` and `port`. */
  publicUrl?: string | undefined;
  /** Addresses of proxies whose X-Forwarded-For is believed. */
  trustedProxies: string[];
  /** Where the built page lies. */
  page: string;
  clock: Clock;
  identity: Identity;
  workspaces: Workspaces;
}

/** Puts the server together; it does not listen yet. Throws SL_USAGE when it cannot know its own name. */
export async function createHttpServer(options: HttpServerOptions): Promise<FastifyInstance> {
  const { clock, identity, workspaces } = options;
  const tls = options.tls !== undefined;
  const address = publicAddress({ ...options, tls });
  const secure = tls || options.publicUrl?.startsWith('https:') === true;
  const context: ServerContext = {
    clock,
    identity,
    workspaces,
    cookie: cookiePolicy(options.port, secure),
    tickets: new Tickets<TerminalSubject>(clock),
    limits: {
      signIn: new RateLimit(clock, { burst: 10, perMinute: 10 }),
      changes: new RateLimit(clock, { burst: 60, perMinute: 240 }),
    },
  };
  const server = makeServer(options);
  server.decorateRequest('user', null);
  addErrorAnswers(server);
  addSecurityHeaders(server, { address, tls: secure });
  checkOrigins(server, address);
  await server.register(websocket, {
    options: { maxPayload: MAX_INPUT_BYTES, perMessageDeflate: false, handleProtocols: chooseProtocol },
  });
  signIn(server, context);
  await server.register(async (api) => {
    requireUser(api, context);
    limitChanges(api, context.limits.changes);
    api.addHook('onRequest', async (_request, reply) => {
      reply.header('cache-control', 'no-store');
    });
    for (const route of ROUTES) route(api, context);
  });
  await addPage(server, options.page);
  return server;
}

function makeServer(options: HttpServerOptions): FastifyInstance {
  const common = {
    bodyLimit: MAX_BODY_BYTES,
    trustProxy: options.trustedProxies,
    // Requests are not logged: a sign-in link's path has a token in it.
    logController: new LogController({ disableRequestLogging: true }),
    logger: { level: 'error' },
    forceCloseConnections: true,
  } as const;
  if (options.tls === undefined) return fastify(common);
  const { cert, key } = options.tls;
  // An https server has another type than an http one; to everything here they are the same.
  return fastify({
    ...common,
    https: { cert: readFileSync(cert), key: readFileSync(key) },
  }) as unknown as FastifyInstance;
}
