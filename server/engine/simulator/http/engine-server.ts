import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { EngineError } from '../../engine.ts';
import type { SimulatedEngine } from '../simulated-engine.ts';
import { archiveRoutes } from './archive-routes.ts';
import { containerRoutes } from './container-routes.ts';
import { execRoutes } from './exec-routes.ts';
import { imageArchiveRoutes } from './image-archive-routes.ts';
import { imageRoutes } from './image-routes.ts';
import { networkRoutes } from './network-routes.ts';
import { EngineRequest } from './request.ts';
import type { Route } from './route.ts';
import { systemRoutes } from './system-routes.ts';
import { volumeRoutes } from './volume-routes.ts';

/** Docker's router knows HEAD of very little. */
const HEADS = ['/_ping', '/containers/{id}/archive'];

function takes({ method, pattern }: Route, asked: string): boolean {
  return method === asked || (asked === 'HEAD' && method === 'GET' && HEADS.includes(pattern));
}

function compile(route: Route): { route: Route; match: RegExp } {
  const source = route.pattern.replace(
    /\{(\w+)(\.\.\.)?\}/g,
    (_, name, rest) => `(?<${name}>${rest ? '.+' : '[^/]+'})`,
  );
  return { route, match: new RegExp(`^${source}$`) };
}

/** What of Docker's API lies below which there is more than the simulated engine has. */
const KNOWN = /^\/(?:auth|build|commit|containers|distribution|exec|grpc|images|plugins|session|volumes)(?:\/|$)/;

/** The Docker Engine API (1.45) of a simulated engine. What of it is missing here, it says so with 501. */
export class EngineServer {
  readonly #routes: { route: Route; match: RegExp }[];

  constructor(engine: SimulatedEngine) {
    this.#routes = [
      ...systemRoutes(engine),
      ...archiveRoutes(engine),
      ...containerRoutes(engine),
      ...execRoutes(engine),
      ...imageArchiveRoutes(engine),
      ...imageRoutes(engine),
      ...networkRoutes(engine),
      ...volumeRoutes(engine),
    ].map(compile);
  }

  handler(incoming: IncomingMessage, response: ServerResponse): void {
    void this.#answer(new EngineRequest(incoming, { response }));
  }

  upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (head.length > 0) socket.unshift(head);
    void this.#answer(new EngineRequest(incoming, { socket }));
  }

  async #answer(request: EngineRequest): Promise<void> {
    try {
      for (const { route, match } of this.#routes) {
        if (!takes(route, request.method)) continue;
        const found = match.exec(request.path);
        if (found === null) continue;
        request.params = found.groups ?? {};
        return await route.answer(request);
      }
      if (KNOWN.test(request.path))
        throw new EngineError(501, `the simulated engine has no ${request.method} ${request.path}`);
      request.notFound();
    } catch (error) {
      if (request.response?.headersSent) request.response.destroy();
      else if (error instanceof EngineError) request.send(error.status, { message: error.message });
      else request.send(500, { message: (error as Error).message });
    }
  }
}
