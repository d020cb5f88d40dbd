import type { Clock } from '../../clock/clock.ts';
import type { EngineEvent } from '../../engine/engine.ts';
import type { JsonAnswer, JsonApi } from './json-api.ts';
import type { LocalOverlays } from './local-overlays.ts';

/** A request to /networks and below. */
export interface NetworksRequest {
  method: string;
  /** Without version, still encoded: `/networks/ingress`. */
  path: string;
  query: URLSearchParams;
  /** The parsed body, if there was one. */
  body?: unknown;
}

export interface NetworkPresentationOptions {
  /** The node's engine, beneath the gateway. */
  engine: JsonApi;
  /**
   * The swarm as this node sees it, with /attachments; GET /networks of a worker or an outsider answers 503 there. Asked as the node,
   * so that it is not the student who testifies.
   */
  swarm: JsonApi;
  overlays: LocalOverlays;
  clock: Clock;
  /** The engine's own events until the signal; they tell when an attached container has stopped. */
  events(signal: AbortSignal): AsyncIterable<EngineEvent>;
  log(message: string): void;
}

/** What has become of a container that was about to start. */
export type Started = (running: boolean) => Promise<void>;

/**
 * Lets a node's networks look as in a Swarm, where overlays are networks of the engine and not bridges as here. Made only where the
 * builtin orchestrator runs. Refusals are answers with Docker's status and text, or ControlError where a promise of something else
 * is given.
 */
export interface NetworkPresentation {
  /** Answers every request to /networks and below (list, inspect, create, remove, connect, disconnect, prune). */
  networks(request: NetworksRequest): Promise<JsonAnswer>;

  /** The body of POST /containers/create, with overlays named as the engine knows them. */
  creating(body: Record<string, unknown>): Promise<Record<string, unknown>>;
  /**
   * Before POST /containers/ID/start and /restart: puts the container on the attachable overlays it wants. Throws ControlError with
   * Docker's text when it may not. The caller tells by the function it gets whether the container then started.
   */
  starting(container: string): Promise<Started>;

  /** An element of GET /containers/json or the answer of GET /containers/ID/json. */
  container(shown: Record<string, unknown>): Record<string, unknown>;
  /** The filters of GET /containers/json, /events: names and IDs of overlays turned into the engine's. JSON text in and out. */
  filters(filters: string): string;
  /** An event of the engine's stream, undefined when it is none that a Swarm would tell. */
  event(event: Record<string, unknown>): Record<string, unknown> | undefined;

  /** The answer of GET /info: the node's bridges do without the kernel's netfilter hook, of which Docker warns where it is missing. */
  info(shown: Record<string, unknown>): Record<string, unknown>;

  /** Resolves when nothing of a Swarm is on this node any more, neither tasks' containers nor overlays, or when that takes too long. */
  left(): Promise<void>;

  /** Stops following the engine's events. */
  close(): void;
}
