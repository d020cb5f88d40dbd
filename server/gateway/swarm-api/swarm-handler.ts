import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../clock/clock.ts';
import type { SwarmMachine } from '../../orchestrator/membership/swarm-machine.ts';
import { answerJson, answerNothing, answerThrown } from '../exchange.ts';
import { compilePattern } from '../http/path-pattern.ts';
import { parseTarget } from '../request-target.ts';
import { API_VERSION, checkVersion, DAEMON_HEADERS, PageNotFound } from './api-version.ts';
import type { Answer, Call, Route } from './call.ts';
import { eventRoutes } from './event-routes.ts';
import { machineRoutes } from './machine-routes.ts';
import { networkRoutes } from './network-routes.ts';
import { nodeRoutes } from './node-routes.ts';
import { secretRoutes } from './secret-routes.ts';
import { serviceRoutes } from './service-routes.ts';
import { swarmRoutes } from './swarm-routes.ts';
import { taskRoutes } from './task-routes.ts';

/** Answers one request; `path` is its URL without what leads to the machine (`/v1.45/services?status=true`). */
export type SwarmHandler = (req: IncomingMessage, res: ServerResponse, path: string) => void;

const ROUTES = [
  ...serviceRoutes,
  ...taskRoutes,
  ...nodeRoutes,
  ...swarmRoutes,
  ...secretRoutes,
  ...networkRoutes,
  ...machineRoutes,
  ...eventRoutes,
].map((route) => ({ ...route, match: compilePattern(route.pattern) }));

/**
 * The swarm part of the Docker Engine API as the daemon of `machine` would answer it, on top of the orchestrator. Statuses, headers
 * and texts are Docker's own. `clock` is the time of events' `until`.
 */
export function createSwarmHandler(machine: SwarmMachine, options: { clock: Clock }): SwarmHandler {
  return (req, res, path) => {
    res.sendDate = false;
    const target = parseTarget(req.method, path);
    const respond = async () => {
      checkVersion(target.version);
      for (const route of ROUTES) {
        const parameters = route.method === target.method ? route.match(target.path) : undefined;
        if (parameters === undefined) continue;
        for (const [name, value] of Object.entries(DAEMON_HEADERS)) if (value !== undefined) res.setHeader(name, value);
        const query = new URLSearchParams(target.query);
        const version = target.version ?? API_VERSION;
        await run(route, { machine, clock: options.clock, req, res, path: parameters, query, version });
        return;
      }
      throw new PageNotFound();
    };
    respond().catch((error: unknown) => answerThrown(res, error));
  };
}

async function run(route: Route, call: Call): Promise<void> {
  await untilAnswerable(route, call.machine);
  const answer: Answer | undefined = await route.answer(call);
  if (answer === undefined) return;
  if (answer.body !== undefined) answerJson(call.res, answer.status, answer.body);
  else answerNothing(call.res, answer.status);
}

/** Changes that take the agreement of the managers, and not only of this one. */
const AGREED = /^\/(?:services|nodes|secrets|configs|networks|swarm\/update)(?:\/|$)/;

/** What is told of the machine itself may lack what only a leader knows; everything else waits for one. */
async function untilAnswerable({ method, pattern }: Route, machine: SwarmMachine): Promise<void> {
  if (pattern === '/_ping') return;
  const elected = machine.whenElected();
  await (pattern === '/info' ? elected.catch(() => undefined) : elected);
  if (method !== 'GET' && method !== 'HEAD' && AGREED.test(pattern)) await machine.whenAgreed();
}
