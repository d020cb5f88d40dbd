import type { IncomingHttpHeaders } from 'node:http';
import { SwarmlabError } from '../errors/swarmlab-error.ts';

/** Where the server can be reached: the exact origins (`https://lab.example.org`) and, of these, the hosts with their ports. */
export interface PublicAddress {
  origins: ReadonlySet<string>;
  hosts: ReadonlySet<string>;
}

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '::1']);

/** Whether an address to listen on lets only this machine in. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.has(host);
}

/**
 * The names under which a server that listens on `host` and `port` answers. Behind a proxy (or a wildcard address) only the operator
 * knows them: `publicUrl`. Throws SL_USAGE when they cannot be known.
 */
export function publicAddress(options: {
  host: string;
  port: number;
  tls: boolean;
  publicUrl?: string | undefined;
}): PublicAddress {
  const scheme = options.tls ? 'https' : 'http';
  const origins = new Set<string>();
  if (options.publicUrl !== undefined) origins.add(new URL(options.publicUrl).origin);
  if (isLoopback(options.host)) {
    for (const host of ['127.0.0.1', 'localhost', '[::1]']) {
      origins.add(new URL(`${scheme}://${host}:${options.port}`).origin);
    }
  } else if (options.host === '0.0.0.0' || options.host === '::') {
    if (options.publicUrl === undefined) {
      throw new SwarmlabError('SL_USAGE', `a server on ${options.host} has no name of its own`, {
        next: 'Say with --public-url how browsers reach it, such as https://lab.example.org.',
      });
    }
  } else {
    const host = options.host.includes(':') ? `[${options.host}]` : options.host;
    origins.add(new URL(`${scheme}://${host}:${options.port}`).origin);
  }
  return { origins, hosts: new Set([...origins].map((origin) => new URL(origin).host)) };
}

/** Methods that change nothing; browsers send no Origin with them for pages of the same site. */
const SAFE_METHODS = new Set(['GET', 'HEAD']);

/**
 * Whether a request may be answered at all: undefined, or what is wrong with it. Host must be one of ours, else another name was made to
 * point here (DNS rebinding). Origin must be one of ours, exactly, and must be there for whatever changes something and for every
 * upgrade: a browser sends it, cookies or no cookies.
 */
export function refusal(
  request: { method: string; headers: IncomingHttpHeaders; upgrade: boolean },
  address: PublicAddress,
): string | undefined {
  const { host, origin } = request.headers;
  if (host === undefined || !address.hosts.has(host.toLowerCase())) return 'this server is not known by that name';
  if (origin === undefined) {
    if (request.upgrade || !SAFE_METHODS.has(request.method))
      return 'the request does not say which page it comes from';
  } else if (!address.origins.has(origin.toLowerCase())) {
    return 'the request comes from the page of another server';
  }
  const site = request.headers['sec-fetch-site'];
  const navigation = request.headers['sec-fetch-mode'] === 'navigate';
  if (site !== undefined && site !== 'same-origin' && site !== 'none' && !navigation) {
    return 'the request comes from the page of another server';
  }
  return undefined;
}
