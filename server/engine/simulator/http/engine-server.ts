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

function compile(route: Route): { route: Route; match: RegExp } {
  const source = route.pattern.replace(
    /\{(\w+)(\.\.\.)?\}/g,
    (_, name, rest) => `(?<${name}>${rest ? '.+' : '[^/]+'})`,
  );
  return { route, match: new RegExp(`^${source}$`) };
}

/** The Docker Engine API (1.45) of a simulated engine. What it does not know, it says so with 501. */
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
        if (route.method !== request.method && !(request.method === 'HEAD' && route.method === 'GET')) continue;
        const found = match.exec(request.path);
        if (found === null) continue;
        request.params = found.groups ?? {};
        return await route.answer(request);
      }
      throw new EngineError(501, `the simulated engine has no ${request.method} ${request.path}`);
    } catch (error) {
      if (request.response?.headersSent) request.response.destroy();
      else if (error instanceof EngineError) request.send(error.status, { message: error.message });
      else request.send(500, { message: (error as Error).message });
    }
  }
}
