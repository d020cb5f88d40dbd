/** What a request asks for, its URL taken apart. */
export interface RequestTarget {
  method: string;
  /** The API version of the path (`1.45`), or undefined when the path has none. */
  version: string | undefined;
  /** The path without the version, still encoded: `/containers/json`. */
  path: string;
  /** What follows the question mark, without it. */
  query: string;
}

/** Takes a request's URL apart; nothing is decoded yet. */
export function parseTarget(method = 'GET', url = '/'): RequestTarget {
  const at = url.indexOf('?');
  const whole = at < 0 ? url : url.slice(0, at);
  const versioned = /^\/v(\d+(?:\.\d+)*)(\/.*)$/.exec(whole);
  return {
    method,
    version: versioned?.[1],
    path: versioned?.[2] ?? whole,
    query: at < 0 ? '' : url.slice(at + 1),
  };
}

/** The URL again, as it is sent on. */
export function formatTarget(target: RequestTarget): string {
  const version = target.version === undefined ? '' : `/v${target.version}`;
  return `${version}${target.path}${target.query === '' ? '' : `?${target.query}`}`;
}
