import type { Disposable } from '../../clock/clock.ts';
import { ControlError } from '../../orchestrator/api/control-error.ts';
import type { EventStream, SwarmEvent } from '../../orchestrator/events/event-stream.ts';
import type { SwarmMachine } from '../../orchestrator/membership/swarm-machine.ts';
import { parseTime } from '../http/go-values.ts';
import type { Call, Route } from './call.ts';
import { parseFilters, passes } from './event-filter.ts';

/** How long it takes at most until a machine that becomes a manager tells a waiting client of its swarm's events, in ms. */
const MANAGER_POLL = 1000;

/** GET /events, of scope `swarm` only: the gateway joins them with the engine's. Only managers tell; others wait in silence. */
export const eventRoutes: Route[] = [{ method: 'GET', pattern: '/events', answer: answerEvents }];

function answerEvents(call: Call): undefined {
  const { query, clock, res, machine } = call;
  const filters = parseFilters(query.get('filters'));
  const since = timeOf(query, 'since');
  const until = timeOf(query, 'until');
  res.writeHead(200, { 'content-type': 'application/json' });
  res.flushHeaders();

  const show = (event: SwarmEvent) => {
    if (passes(event, filters)) res.write(`${JSON.stringify(event)}\n`);
  };
  const past = since ?? (until === undefined ? undefined : Number.NEGATIVE_INFINITY);
  const last = until ?? Number.POSITIVE_INFINITY;
  if (past !== undefined) for (const event of streamOf(machine)?.history(past, last) ?? []) show(event);
  if (last <= clock.now()) {
    res.end();
    return;
  }
  const held: Disposable[] = [follow(call, show)];
  if (until !== undefined) held.push(clock.after(until - clock.now(), () => res.end()));
  res.on('close', () => {
    for (const one of held) one.dispose();
  });
}

/** Subscribes to the swarm's events, now or as soon as the machine is a manager. */
function follow({ machine, clock }: Call, show: (event: SwarmEvent) => void): Disposable {
  const stream = streamOf(machine);
  let held = stream?.subscribe(show);
  const look = () => {
    const now = streamOf(machine);
    held = now === undefined ? clock.after(MANAGER_POLL, look) : now.subscribe(show);
  };
  held ??= clock.after(MANAGER_POLL, look);
  return { dispose: () => held?.dispose() };
}

/** The events of the machine's swarm; undefined unless it is a manager. */
function streamOf(machine: SwarmMachine): EventStream | undefined {
  try {
    return machine.control().events;
  } catch (error) {
    if (error instanceof ControlError) return undefined;
    throw error;
  }
}

function timeOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name) ?? '';
  if (text === '') return undefined;
  const time = parseTime(text);
  if (time === undefined) throw new ControlError(400, `failed to parse value as time or duration: ${text}`);
  return time;
}
