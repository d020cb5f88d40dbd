import { describe, expect, it } from 'vitest';
import { framedMessages, parseLogMessage, rawLines } from '../../../server/engine/log-stream.ts';

function frame(stream: number, text: string): Buffer {
  const payload = Buffer.from(text);
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(payload.length, 4);
  return Buffer.concat([header, payload]);
}

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

describe('log stream of an engine', () => {
  it.each([1, 3, 8, 1000])('gives one message a frame, however the bytes come in (%i at a time)', async (size) => {
    const bytes = Buffer.concat([frame(1, 'grüß dich\n'), frame(2, 'oh\n'), frame(1, 'no newline')]);
    const seen: string[] = [];
    for await (const { stream, message } of framedMessages(inPieces(bytes, size))) seen.push(`${stream}:${message}`);
    expect(seen).toEqual(['stdout:grüß dich\n', 'stderr:oh\n', 'stdout:no newline']);
  });

  it('splits a terminal’s output at newlines and keeps what is left', async () => {
    const seen: string[] = [];
    for await (const { message } of rawLines(inPieces(Buffer.from('one\r\ntwo\r\nthr'), 4))) seen.push(`${message}`);
    expect(seen).toEqual(['one\r\n', 'two\r\n', 'thr']);
  });

  it('takes timestamp, details and line apart', () => {
    const line = parseLogMessage('stderr', Buffer.from('2026-01-02T03:04:05.000000006Z a%3Db=c+d,e=f  x y\n'));
    expect(line).toEqual({
      stream: 'stderr',
      timestamp: '2026-01-02T03:04:05.000000006Z',
      attributes: { 'a=b': 'c d', e: 'f' },
      line: Buffer.from(' x y\n'),
    });
    const plain = parseLogMessage('stdout', Buffer.from('2026-01-02T03:04:05.000000006Z  hello world\n'));
    expect(plain.attributes).toEqual({});
    expect(plain.line.toString()).toBe('hello world\n');
  });
});
