import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Exchange } from '../exchange.ts';
import { parseTime } from '../http/go-values.ts';
import { refusalOf } from '../networks/network-directory.ts';
import { DAEMON_HEADERS } from '../swarm-api/api-version.ts';
import type { HttpUpstream } from '../upstream/http-upstream.ts';
import { type EventLine, eventLines, rewritten } from './event-lines.ts';
import { readJsonAnswer } from './json-upstream.ts';
import type { Presenter, Surroundings } from './presenter.ts';

type Query = Record<string, string>;

/**
 * GET /events: what the engine tells of its containers, images, volumes and networks, and what the orchestrator tells of the swarm, as
 * one stream. The past is told in the order in which it happened; from then on each event as it comes.
 */
export const presentEvents: Presenter = async (exchange, outgoing, surroundings) => {
  const { res } = exchange;
  const query = new URLSearchParams(outgoing.target.query);
  const filters = query.get('filters') ?? '';
  const since = query.get('since') ?? '';
  const until = query.get('until') ?? '';
  const now = BigInt(Math.floor(surroundings.clock.now())) * 1_000_000n;
  const finished = until !== '' && (parseTime(until) ?? 0) <= Number(now / 1_000_000n);
  const sources = [engineSource(exchange, surroundings, filters), swarmSource(exchange, surroundings, filters)];

  if (since !== '' || finished) {
    const range: Query = { ...(since !== '' && { since }), until: finished ? until : seconds(now) };
    const past: EventLine[] = [];
    // One after the other, for the engine's refusal is the one that counts.
    for (const source of sources) for await (const line of await source(range)) past.push(line);
    begin(exchange);
    past.sort((a, b) => a.event.timeNano - b.event.timeNano);
    for (const { text } of past) res.write(`${text}\n`);
  }
  if (finished) {
    res.end();
    return;
  }
  const range: Query = { ...(since !== '' && { since: seconds(now + 1n) }), ...(until !== '' && { until }) };
  const streams: AsyncIterable<EventLine>[] = [];
  for (const source of sources) streams.push(await source(range));
  begin(exchange);
  await Promise.all(streams.map((lines) => pass(lines, exchange)));
  res.end();
};

/** Events of one upstream within a range of time. Rejects with its refusal. */
type Source = (range: Query) => Promise<AsyncIterable<EventLine>>;

function engineSource(exchange: Exchange, { engine, networks }: Surroundings, filters: string): Source {
  const wanted = filters === '' ? '' : (networks?.filters(filters) ?? filters);
  const presented = async function* (lines: AsyncIterable<EventLine>) {
    for await (const line of lines) {
      const shown = networks === undefined ? line.event : networks.event(line.event);
      if (shown === line.event) yield line;
      else if (shown !== undefined) yield { ...line, text: rewritten(line, shown) };
    }
  };
  return async (range) => presented(await open(exchange, engine, wanted, range));
}

function swarmSource(exchange: Exchange, { swarm }: Surroundings, filters: string): Source {
  return (range) => open(exchange, swarm, filters, range);
}

async function open(
  exchange: Exchange,
  upstream: HttpUpstream,
  filters: string,
  range: Query,
): Promise<AsyncIterable<EventLine>> {
  const query = new URLSearchParams({ ...range, ...(filters !== '' && { filters }) });
  const request = upstream.request({ method: 'GET', path: `/events?${query}`, headers: {} });
  exchange.res.on('close', () => request.destroy());
  request.end();
  const answer = await answerOf(request);
  if (answer === undefined) return nothing();
  if ((answer.statusCode ?? 500) < 400) return eventLines(answer);
  const { status, body } = await readJsonAnswer(answer);
  throw refusalOf(status, body);
}

async function* nothing(): AsyncGenerator<EventLine> {}

/** The answer; undefined when there is none, for the other source still has something to tell. */
function answerOf(request: ClientRequest): Promise<IncomingMessage | undefined> {
  return new Promise((resolve) => {
    request.on('response', resolve);
    request.on('error', () => resolve(undefined));
  });
}

async function pass(lines: AsyncIterable<EventLine>, { res }: Exchange): Promise<void> {
  for await (const { text } of lines) {
    if (res.destroyed) return;
    if (!res.write(`${text}\n`)) await new Promise((resolve) => res.once('drain', resolve).once('close', resolve));
  }
}

function begin({ res }: Exchange): void {
  if (res.headersSent) return;
  res.writeHead(200, { ...DAEMON_HEADERS, 'content-type': 'application/json' });
  res.flushHeaders();
}

/** Nanoseconds since the epoch as `since` and `until` are written. */
function seconds(nanoseconds: bigint): string {
  return `${nanoseconds / 1_000_000_000n}.${String(nanoseconds % 1_000_000_000n).padStart(9, '0')}`;
}
