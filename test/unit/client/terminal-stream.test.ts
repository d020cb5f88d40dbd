import { beforeEach, expect, test } from 'vitest';
import { TerminalStream } from '../../../client/terminal/terminal-stream.ts';
import { encodeOutput, type ServerMessage } from '../../../server/terminals/protocol.ts';

let output: string;
let places: number[];
let messages: ServerMessage[];
let breaks: number;
let stream: TerminalStream;

beforeEach(() => {
  output = '';
  places = [];
  messages = [];
  breaks = 0;
  stream = new TerminalStream({
    output: (bytes, sequence) => {
      output += Buffer.from(bytes).toString();
      places.push(sequence);
    },
    message: (message) => messages.push(message),
    broken: () => breaks++,
  });
});

const frame = (sequence: number, text: string) => new Uint8Array(encodeOutput(sequence, Buffer.from(text))).buffer;

test('output comes in order, and the next byte to ask for follows it', () => {
  stream.receive(frame(0, 'hello '));
  stream.receive(frame(6, 'world'));
  expect(output).toBe('hello world');
  expect(places).toEqual([0, 6]);
  expect(stream.next).toBe(11);
});

test('what comes again after a new connection is left out', () => {
  stream.receive(frame(0, 'hello '));
  stream.receive(frame(3, 'lo world'));
  stream.receive(frame(0, 'hello'));
  expect(output).toBe('hello world');
});

test('a gap is not let through: the connection has to be made anew', () => {
  stream.receive(frame(0, 'hello'));
  stream.receive(frame(7, 'orld'));
  expect(breaks).toBe(1);
  expect(output).toBe('hello');
  expect(stream.next).toBe(5);
});

test('after a restored screen the stream goes on behind it', () => {
  stream.receive(JSON.stringify({ type: 'skipped', bytes: 100, sequence: 100, screen: 'so it looks' }));
  stream.receive(frame(100, 'and on'));
  expect(output).toBe('and on');
  expect(messages).toEqual([{ type: 'skipped', bytes: 100, sequence: 100, screen: 'so it looks' }]);
});

test('what is not of the protocol breaks the connection', () => {
  for (const wrong of ['no json', '{"type":"unknown"}', '{"type":"exit"}']) stream.receive(wrong);
  stream.receive(new ArrayBuffer(3));
  expect(breaks).toBe(4);
});
