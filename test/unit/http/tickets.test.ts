import { expect, test } from 'vitest';
import { VirtualClock } from '../../../server/clock/virtual-clock.ts';
import { RateLimit } from '../../../server/http/rate-limit.ts';
import { ticketIn } from '../../../server/http/socket-protocols.ts';
import { Tickets } from '../../../server/http/tickets.ts';

test('a ticket opens one thing, once, for whom it was issued, within half a minute', async () => {
  const clock = new VirtualClock();
  const tickets = new Tickets<string>(clock);
  const used = tickets.issue('ann', 'terminal 1');
  expect(tickets.redeem('ann', used)).toBe('terminal 1');
  expect(tickets.redeem('ann', used)).toBeUndefined();

  const foreign = tickets.issue('ann', 'terminal 1');
  expect(tickets.redeem('bob', foreign)).toBeUndefined();
  expect(tickets.redeem('ann', foreign)).toBeUndefined();

  const late = tickets.issue('ann', 'terminal 1');
  await clock.advance(30_000);
  expect(tickets.redeem('ann', late)).toBeUndefined();
  expect(tickets.redeem('ann', 'made up')).toBeUndefined();
});

test('a ticket is found among the subprotocols', () => {
  expect(ticketIn('swarmlab-terminal.v1, ticket.abc')).toBe('abc');
  expect(ticketIn('swarmlab-terminal.v1')).toBeUndefined();
  expect(ticketIn(undefined)).toBeUndefined();
});

test('a limit lets a burst through, then so many a minute, for each key', async () => {
  const clock = new VirtualClock();
  const limit = new RateLimit(clock, { burst: 3, perMinute: 6 });
  expect([1, 2, 3].map(() => limit.take('ann'))).toEqual([0, 0, 0]);
  expect(limit.take('ann')).toBe(10);
  expect(limit.take('bob')).toBe(0);
  await clock.advance(10_000);
  expect(limit.take('ann')).toBe(0);
  expect(limit.take('ann')).toBe(10);
});
