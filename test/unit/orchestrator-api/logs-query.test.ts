import { expect, test } from 'vitest';
import { serviceBody, TestFleet } from './test-fleet.ts';

const parsing = (text: string) =>
  `could not parse since timestamp: strconv.ParseInt: parsing "${text}": invalid syntax`;

test.each([
  [{ since: 'x' }, parsing('x')],
  [{ since: '1.x' }, parsing('x')],
  [{ since: '1.' }, parsing('')],
  [{ tail: 'x' }, 'tail value must be a positive integer or "all"'],
  [{ tail: '-1' }, 'negative tail values not supported'],
])('logs asked for with %j are refused', async (query, message) => {
  const fleet = new TestFleet();
  await fleet.swarm();
  const { services } = fleet.control();
  await services.create(serviceBody('web'));
  const ask = () => services.logs('web', { stdout: true, ...query }, new AbortController().signal);
  expect(ask).toThrow(expect.objectContaining({ status: 500, message }));
});
