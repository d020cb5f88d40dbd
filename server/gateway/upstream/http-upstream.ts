import type { ClientRequest, OutgoingHttpHeaders } from 'node:http';

export interface UpstreamRequest {
  method: string;
  /** Path and query, as they are to be sent. */
  path: string;
  headers: OutgoingHttpHeaders;
}

/** Something behind the gateway that speaks HTTP: the node's engine, or the orchestrator's Swarm API. */
export interface HttpUpstream {
  /**
   * Starts a request, the body of which the caller writes and ends. Answers come as Node's own events: `response`, `upgrade`
   * (with a connection that belongs to this request alone) and `error`.
   */
  request(request: UpstreamRequest): ClientRequest;
  /** Closes the connections that are kept open between requests. */
  close(): void;
}

/** Answers with headers longer than Node's 16 KiB are fine with Go, which takes up to 1 MiB. */
export const MAX_HEADER_BYTES = 1024 * 1024;
