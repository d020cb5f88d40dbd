import { expect, test } from 'vitest';
import {
  formatReply,
  NAME_ERROR,
  NO_ERROR,
  parseQuery,
  reversedAddress,
  TYPE_A,
  TYPE_PTR,
} from '../../../server/agent/network/dns/message.ts';

/** A query as a resolver sends it, with an EDNS record when `udpSize` is given. */
function query(name: string, type: number, udpSize?: number): Uint8Array {
  const labels = name.split('.').flatMap((label) => [label.length, ...Buffer.from(label)]);
  const edns = udpSize === undefined ? [] : [0, 0, 41, udpSize >> 8, udpSize & 0xff, 0, 0, 0, 0, 0, 0];
  return Uint8Array.from([
    ...[0x12, 0x34, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, udpSize === undefined ? 0 : 1],
    ...[...labels, 0, 0, type, 0, 1],
    ...edns,
  ]);
}

function parsed(name: string, type: number, udpSize?: number) {
  const result = parseQuery(query(name, type, udpSize));
  if (!result) throw new Error('not a query');
  return result;
}

test('a query is read with its name in lower case and the size the client takes', () => {
  expect(parsed('Tasks.WEB', TYPE_A)).toMatchObject({ id: 0x1234, name: 'tasks.web', type: TYPE_A, udpSize: 512 });
  expect(parsed('web', TYPE_A, 1232).udpSize).toBe(1232);
  expect(parsed('web', TYPE_A, 100).udpSize).toBe(512);
});

test.each([
  ['an answer', Uint8Array.from([0, 1, 0x80, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1])],
  ['half a header', Uint8Array.from([0, 1, 1])],
  ['a name that does not end', query('web', TYPE_A).slice(0, 15)],
  ['a compressed question', Uint8Array.from([0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xc0, 12, 0, 1, 0, 1])],
])('%s is no query', (_, message) => {
  expect(parseQuery(message)).toBeUndefined();
});

test('an answer repeats the question as it was spelt and points its records to it', () => {
  const reply = formatReply(
    parsed('WEB', TYPE_A),
    { code: NO_ERROR, answers: [{ type: TYPE_A, address: '10.0.1.2' }], ttl: 600 },
    512,
  );
  expect([...reply]).toEqual([
    ...[0x12, 0x34, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0],
    ...[3, ...Buffer.from('WEB'), 0, 0, 1, 0, 1],
    ...[0xc0, 12, 0, 1, 0, 1, 0, 0, 0x02, 0x58, 0, 4, 10, 0, 1, 2],
  ]);
});

test('a PTR answer has the name as labels, an unknown name the code for it', () => {
  const name = '2.1.0.10.in-addr.arpa';
  const answers = [{ type: TYPE_PTR, name: 'web.front' } as const];
  const reply = Buffer.from(formatReply(parsed(name, TYPE_PTR), { code: NO_ERROR, answers, ttl: 600 }, 512));
  expect(reply.subarray(-11)).toEqual(Buffer.from('\x03web\x05front\x00', 'latin1'));
  const unknown = formatReply(parsed('nope', TYPE_A), { code: NAME_ERROR, answers: [], ttl: 0 }, 512);
  expect((unknown[3] ?? 0) & 0x0f).toBe(NAME_ERROR);
});

test('what does not fit is left out and the client told to ask over TCP', () => {
  const answers = Array.from({ length: 50 }, (_, index) => ({ type: TYPE_A, address: `10.0.1.${index}` }) as const);
  const reply = formatReply(parsed('tasks.web', TYPE_A), { code: NO_ERROR, answers, ttl: 600 }, 512);
  const view = new DataView(reply.buffer, reply.byteOffset);
  expect(reply.length).toBeLessThanOrEqual(512);
  expect(view.getUint16(2) & 0x0200).not.toBe(0);
  expect(view.getUint16(6)).toBe(Math.floor((512 - 27) / 16));
  const whole = formatReply(parsed('tasks.web', TYPE_A), { code: NO_ERROR, answers, ttl: 600 }, 65_535);
  expect(new DataView(whole.buffer, whole.byteOffset).getUint16(6)).toBe(50);
});

test('only a whole reversed address asks for an address', () => {
  expect(reversedAddress('2.1.0.10.in-addr.arpa')).toBe('10.0.1.2');
  expect(reversedAddress('1.0.10.in-addr.arpa')).toBeUndefined();
  expect(reversedAddress('web')).toBeUndefined();
});
