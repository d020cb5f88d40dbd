import type { EngineRequest } from './request.ts';

/** An endpoint: `GET /containers/{id}/json`, where `{id}` catches a name that may contain slashes only in image names. */
export interface Route {
  method: string;
  pattern: string;
  answer(request: EngineRequest): Promise<void>;
}
