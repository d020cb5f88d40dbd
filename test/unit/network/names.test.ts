import { expect, test } from 'vitest';
import { type DnsQuery, NO_ERROR, TYPE_A, TYPE_AAAA, TYPE_PTR } from '../../../server/agent/network/dns/message.ts';
import { NameService } from '../../../server/agent/network/dns/name-service.ts';
import { INGRESS, networkState, overlayId, type TestTask } from './fake-node.ts';

const FRONT = {
  ...{ name: 'front', prefix: '10.0.1', vni: 4097, nodes: { a: 10, b: 11 } },
  services: { web: { vip: '10.0.1.2', aliases: ['www'] }, rr: {} },
};
const BACK = { name: 'back', prefix: '10.0.2', vni: 4098, nodes: { a: 10 }, services: { web: { vip: '10.0.2.2' } } };
const TASKS: TestTask[] = [
  { id: 't1', node: 'a', service: 'web', on: { front: '10.0.1.3', ingress: '10.0.0.6' }, aliases: ['0123456789ab'] },
  { id: 't2', node: 'b', service: 'web', on: { front: '10.0.1.4', ingress: '10.0.0.7' } },
  { id: 't3', node: 'b', service: 'rr', on: { front: '10.0.1.5' } },
  { id: 't5', node: 'a', service: 'published', on: { ingress: '10.0.0.8' } },
];
const PLAIN: TestTask = { id: 'plain', node: 'a', on: { back: '10.0.2.9' }, aliases: ['plain', 'other'] };

const ZONE = { 'master.docker-dca.example': ['10.10.10.100'], 'google.com': ['10.10.10.200'] };

function service(tasks: TestTask[] = [...TASKS, PLAIN], withheld: string[] = []) {
  const names = new NameService(ZONE, async (address) => (address === '172.20.0.5' ? [overlayId('back')] : []));
  names.update(networkState('a', [INGRESS, FRONT, BACK], tasks), new Set(withheld));
  return names;
}

async function ask(names: NameService, source: string, name: string, type: number = TYPE_A) {
  const query: DnsQuery = { id: 1, name, type, recursionDesired: true, udpSize: 512, question: Uint8Array.of() };
  const reply = await names.answer(query, source);
  return reply?.answers.map((answer) => ('address' in answer ? answer.address : answer.name)).sort();
}

const WEB = '10.0.1.3';

test('a service leads to its virtual IP, tasks.NAME to its tasks, an alias to both', async () => {
  const names = service();
  expect(await ask(names, WEB, 'web')).toEqual(['10.0.1.2']);
  expect(await ask(names, WEB, 'www')).toEqual(['10.0.1.2']);
  expect(await ask(names, WEB, 'tasks.web')).toEqual(['10.0.1.3', '10.0.1.4']);
  expect(await ask(names, WEB, 'tasks.www')).toEqual(['10.0.1.3', '10.0.1.4']);
  expect(await ask(names, WEB, 'rr')).toEqual(['10.0.1.5']);
});

test('a task is found by its container name and short ID, with the network behind it too', async () => {
  const names = service();
  expect(await ask(names, WEB, 'web.1.t2')).toEqual(['10.0.1.4']);
  expect(await ask(names, WEB, '0123456789ab')).toEqual(['10.0.1.3']);
  expect(await ask(names, WEB, 'web.front')).toEqual(['10.0.1.2']);
  expect(await ask(names, WEB, 'tasks.web.front')).toEqual(['10.0.1.3', '10.0.1.4']);
  expect(await ask(names, WEB, 'web.back')).toBeUndefined();
});

test('a container that the engine does not list yet asks as one on the overlay of its address', async () => {
  const names = service();
  expect(await ask(names, '10.0.1.99', 'web')).toEqual(['10.0.1.2']);
  expect(await ask(names, '10.0.1.99', 'plain')).toBeUndefined();
  expect(await ask(names, '172.20.0.9', 'web')).toBeUndefined();
});

test('services of one name on two networks do not see each other', async () => {
  const other: TestTask = { id: 't4', node: 'a', service: 'web', on: { back: '10.0.2.3' } };
  const names = service([...TASKS.slice(0, 2), other]);
  expect(await ask(names, WEB, 'tasks.web')).toEqual(['10.0.1.3', '10.0.1.4']);
  expect(await ask(names, '10.0.2.3', 'tasks.web')).toEqual(['10.0.2.3']);
  expect(await ask(names, '10.0.2.3', 'web.1.t2')).toBeUndefined();
});

test('a plain container is found by its names, and finds others by any of its own addresses', async () => {
  const other: TestTask = { id: 't4', node: 'a', service: 'web', on: { back: '10.0.2.3' } };
  const names = service([other, PLAIN]);
  expect(await ask(names, '10.0.2.3', 'other')).toEqual(['10.0.2.9']);
  expect(await ask(names, '172.20.0.5', 'web')).toEqual(['10.0.2.2']);
});

test('the ingress network carries no names', async () => {
  const names = service();
  expect(await ask(names, '10.0.0.8', 'published')).toBeUndefined();
  expect(await ask(names, '10.0.0.8', 'web')).toBeUndefined();
});

test('a service without an active task has no name; a task about to stop is left out', async () => {
  const starting = TASKS.map((task) => ({ ...task, active: task.id !== 't3' }));
  expect(await ask(service(starting), WEB, 'rr')).toBeUndefined();
  const stopping = service(TASKS, ['10.0.1.4']);
  expect(await ask(stopping, WEB, 'tasks.web')).toEqual(['10.0.1.3']);
  expect(await ask(stopping, WEB, 'web.1.t2')).toBeUndefined();
  expect(await ask(service(TASKS, ['10.0.1.3', '10.0.1.4']), WEB, 'web')).toBeUndefined();
});

test('the zone is everybody’s; a known name without an address of that type is answered with none', async () => {
  const names = service();
  expect(await ask(names, '127.0.0.1', 'google.com')).toEqual(['10.10.10.200']);
  expect(await ask(names, WEB, 'google.com', TYPE_AAAA)).toEqual([]);
  expect(await ask(names, WEB, 'web', TYPE_AAAA)).toEqual([]);
  expect(await ask(names, WEB, 'nope')).toBeUndefined();
});

test('addresses lead back to names', async () => {
  const names = service();
  expect(await ask(names, WEB, '2.1.0.10.in-addr.arpa', TYPE_PTR)).toBeUndefined();
  expect(await ask(names, WEB, '4.1.0.10.in-addr.arpa', TYPE_PTR)).toEqual(['web.1.t2.front']);
  expect(await ask(names, WEB, '100.10.10.10.in-addr.arpa', TYPE_PTR)).toEqual(['master.docker-dca.example']);
  expect(await ask(names, WEB, '3.2.0.10.in-addr.arpa', TYPE_PTR)).toBeUndefined();
});

test('answers are fresh after every change and may be kept ten minutes', async () => {
  const names = service();
  names.update(undefined, new Set());
  expect(await ask(names, WEB, 'web')).toBeUndefined();
  const query: DnsQuery = {
    id: 1,
    name: 'google.com',
    type: TYPE_A,
    recursionDesired: true,
    udpSize: 512,
    question: Uint8Array.of(),
  };
  expect(await names.answer(query, WEB)).toMatchObject({ code: NO_ERROR, ttl: 600 });
});
