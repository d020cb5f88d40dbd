import { type OutgoingHttpHeader, type OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** What Go's server writes behind all that a handler has set. */
const LAST = ['Date', 'Content-Length'];

/**
 * A response whose head reads as one of Go's server, which dockerd is: names of headers in capitals (`Api-Version`) and in the order of
 * the alphabet, and nothing said of a connection that stays open. A client takes either; whoever reads `curl -i` sees the difference.
 */
export class EngineResponse extends ServerResponse {
  override writeHead(
    status: number,
    reason?: string | OutgoingHttpHeaders | OutgoingHttpHeader[],
    headers?: OutgoingHttpHeaders | OutgoingHttpHeader[],
  ): this {
    const given = typeof reason === 'string' ? headers : reason;
    if (Array.isArray(given)) throw new TypeError('headers are given by their names');
    const all = new Map<string, OutgoingHttpHeader>();
    for (const [name, value] of [...Object.entries(this.getHeaders()), ...Object.entries(given ?? {})]) {
      if (value !== undefined) all.set(canonicalName(name), value);
    }
    if (this.sendDate && !all.has('Date')) all.set('Date', new Date().toUTCString());
    for (const name of this.getHeaderNames()) this.removeHeader(name);
    for (const [name, value] of [...all].sort(byPlace)) this.setHeader(name, value);
    if (this.shouldKeepAlive && !all.has('Connection')) this.removeHeader('Connection');
    return typeof reason === 'string' ? super.writeHead(status, reason) : super.writeHead(status);
  }
}

/** A header's name as Go writes it: `content-type` is `Content-Type`. */
function canonicalName(name: string): string {
  return name.toLowerCase().replace(/(^|-)[a-z]/g, (begin) => begin.toUpperCase());
}

function byPlace([a]: [string, unknown], [b]: [string, unknown]): number {
  const place = LAST.indexOf(a) - LAST.indexOf(b);
  return place !== 0 ? place : a < b ? -1 : 1;
}
