/** One request of the comparison, and what of its answer later requests need. */
export interface HttpCase {
  /** The machine that is asked; master when not given. */
  on?: string;
  method: string;
  /** Path and query as they are sent; `{{name}}` stands for what an earlier answer was remembered as. */
  path: string;
  /** Sent as it is when it is text, else as JSON; `{{name}}` as in the path. */
  body?: unknown;
  headers?: Record<string, string>;
  /** What to remember of the answer: a name, and where it is in the body (`0.Version.Index`). */
  remember?: Record<string, string>;
  /** Asked again until the answer contains these texts, for what takes a moment. */
  until?: string | string[];
  /** Only this part of the body is compared. */
  part?: string;
  /** Milliseconds after which an answer that does not end is cut off. */
  cut?: number;
  /** Only the status is compared: the rest differs from run to run. */
  statusOnly?: boolean;
}

type More = Omit<HttpCase, 'method' | 'path' | 'body'>;

export const get = (path: string, more: More = {}): HttpCase => ({ method: 'GET', path, ...more });
export const post = (path: string, body?: unknown, more: More = {}): HttpCase => ({
  method: 'POST',
  path,
  ...(body !== undefined && { body }),
  ...more,
});
export const del = (path: string, more: More = {}): HttpCase => ({ method: 'DELETE', path, ...more });
/** A `filters` parameter. */
export const filters = (value: unknown): string =>
  `filters=${encodeURIComponent(typeof value === 'string' ? value : JSON.stringify(value))}`;
