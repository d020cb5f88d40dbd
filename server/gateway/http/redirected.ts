import { posix } from 'node:path';
import type { Exchange } from '../exchange.ts';
import { decodeComponent } from './path-pattern.ts';

/** Where Go's router does not let a character of a path stand for itself, though JavaScript does. */
const RESERVED = /[!'()*?#]/g;

/**
 * Answers as Go's server and router do where a path is not written as they want it: 400 where it cannot be decoded, 301 to the path
 * without doubled slashes and dots. Gives whether it has answered.
 */
export function redirected({ req, res }: Exchange): boolean {
  const url = req.url ?? '/';
  const [path = '', ...query] = url.split('?');
  const decoded = decodeComponent(path);
  if (decoded === undefined && /%(?![0-9a-f]{2})/i.test(path)) {
    const body = '400 Bad Request';
    res.writeHead(400, {
      'content-type': 'text/plain; charset=utf-8',
      'content-length': body.length,
      connection: 'close',
    });
    res.end(body);
    return true;
  }
  const clean = posix.normalize(`/${decoded ?? path}`);
  if (decoded === undefined || clean === decoded) return false;
  const location = encodeURI(clean).replace(RESERVED, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
  res.writeHead(301, { location: [location, ...query].join('?'), 'content-length': 0 });
  res.end();
  return true;
}
