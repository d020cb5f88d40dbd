import { expect, test } from 'vitest';
import { ControlError } from '../../../server/orchestrator/api/control-error.ts';
import { Filters } from '../../../server/orchestrator/api/filters.ts';
import { serviceBody, TestFleet } from './test-fleet.ts';

const parse = (text: string) => Filters.parse(text, ['name', 'label']);

test.each([
  ['{"name":["a","b"]}', ['a', 'b']],
  ['{"name":{"a":true,"b":false}}', ['a', 'b']],
  ['{"name":{"a":null}}', ['a']],
  ['{"name":["a",null]}', ['a', '']],
  ['{"name":null}', []],
  ['{}', []],
  ['null', []],
  ['', []],
])('%s means the names %j', (text, names) => {
  expect(parse(text).values('name')).toEqual(names);
});

test.each([
  ['x', 'invalid filter'],
  ['[]', 'invalid filter'],
  ['{"name":"a"}', 'invalid filter'],
  ['{"name":[1]}', 'invalid filter'],
  ['{"name":{"a":true},"label":["b"]}', 'invalid filter'],
  ['{"":["a"]}', 'invalid filter'],
  ['{"nope":["a"]}', "invalid filter 'nope'"],
])('%s is refused', (text, message) => {
  expect(() => parse(text)).toThrow(new ControlError(400, message));
});

test('an empty word of a filter with fixed words is passed over, and letter case does not matter', async () => {
  const fleet = new TestFleet();
  await fleet.swarm(['master'], ['worker1']);
  const { nodes, services, tasks } = fleet.control();
  await services.create(serviceBody('web'));
  const list = (filter: object) => ({ filters: JSON.stringify(filter) });
  expect(nodes.list(list({ role: [''] }))).toHaveLength(2);
  expect(nodes.list(list({ role: ['', 'MANAGER'] }))).toHaveLength(1);
  expect(nodes.list(list({ membership: ['', 'ACCEPTED'] }))).toHaveLength(2);
  await fleet.clock.advance(1_000);
  expect(tasks.list(list({ 'desired-state': [''] }))).toHaveLength(1);
});
