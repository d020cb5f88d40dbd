/** A request to the node's engine or to the swarm as the node sees it; `path` without version, with its query. */
export interface JsonRequest {
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  /** Sent as JSON; absent for none. */
  body?: unknown;
}

/** What came back, whatever its status; `body` is undefined when there was none. */
export interface JsonAnswer {
  status: number;
  body?: unknown;
}

/** An Engine API that is asked whole questions. Rejects only when it could not be reached. */
export type JsonApi = (request: JsonRequest) => Promise<JsonAnswer>;

/** Whether an answer is a success. */
export function succeeded(answer: JsonAnswer): boolean {
  return answer.status < 400;
}
