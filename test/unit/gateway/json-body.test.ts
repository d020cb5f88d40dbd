import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readJson } from '../../../server/gateway/http/json-body.ts';

const read = (body: string | Buffer, type = 'application/json') =>
  readJson({ 'content-type': type, 'content-length': String(Buffer.byteLength(body)) }, Buffer.from(body));
const refusal = (body: string | Buffer, type?: string) => {
  try {
    return `read: ${JSON.stringify(read(body, type))}`;
  } catch (error) {
    return (error as Error).message;
  }
};

describe('the body of a request', () => {
  test.each([
    [' ', 'invalid JSON: got EOF while reading request body'],
    ['{', 'invalid JSON: unexpected EOF'],
    ['nul', 'invalid JSON: unexpected EOF'],
    ['"a', 'invalid JSON: unexpected EOF'],
    ['{}{}', 'unexpected content after JSON'],
    ['{} x', 'unexpected content after JSON'],
    ['3x', 'unexpected content after JSON'],
    ['{"a"}', "invalid JSON: invalid character '}' after object key"],
    ['{"a":}', "invalid JSON: invalid character '}' looking for beginning of value"],
    ['{"a":1 "b"}', "invalid JSON: invalid character '\"' after object key:value pair"],
    ['{"a":1,}', "invalid JSON: invalid character '}' looking for beginning of object key string"],
    ["{'a':1}", "invalid JSON: invalid character '\\'' looking for beginning of object key string"],
    ['[1 2]', "invalid JSON: invalid character '2' after array element"],
    ['["a\nb"]', "invalid JSON: invalid character '\\n' in string literal"],
    ['["\u0001"]', "invalid JSON: invalid character '\\x01' in string literal"],
    ['["\\q"]', "invalid JSON: invalid character 'q' in string escape code"],
    ['["\\u12g4"]', "invalid JSON: invalid character 'g' in \\u hexadecimal character escape"],
    ['\ufeff{}', "invalid JSON: invalid character 'ï' looking for beginning of value"],
    [Buffer.from([0x80]), "invalid JSON: invalid character '\\u0080' looking for beginning of value"],
    ['[tru]', "invalid JSON: invalid character ']' in literal true (expecting 'e')"],
    ['[01]', "invalid JSON: invalid character '1' after array element"],
    ['[1e]', "invalid JSON: invalid character ']' in exponent of numeric literal"],
    ['[1.]', "invalid JSON: invalid character ']' after decimal point in numeric literal"],
    ['[-]', "invalid JSON: invalid character ']' in numeric literal"],
    ['[.5]', "invalid JSON: invalid character '.' looking for beginning of value"],
  ])('%j is refused in the words of Go', (body, message) => {
    expect(refusal(body)).toBe(message);
  });

  test('is read up to where its first value ends', () => {
    expect([read('{"a":1}]'), read('[] }'), read('\n3\n')]).toEqual([{ a: 1 }, [], 3]);
  });

  test('is refused exactly when Go would: whatever JSON.parse reads is read', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.string({ maxLength: 2 }), (json, at, noise) => {
        const position = at % (json.length + 1);
        const text = json.slice(0, position) + noise + json.slice(position);
        let parsed: unknown;
        try {
          parsed = JSON.parse(text);
        } catch {
          expect(refusal(text)).toMatch(/^invalid JSON: |^unexpected content after JSON$|^read: /);
          return;
        }
        expect(read(text)).toEqual(parsed);
      }),
    );
  });

  test('is none without length and type, and else has to be called JSON', () => {
    expect(readJson({}, Buffer.alloc(0))).toBeUndefined();
    expect(read('{}', 'Application/JSON; charset=utf-8')).toEqual({});
    expect([
      refusal('{}', ''),
      refusal('{}', 'text/plain'),
      refusal('{}', 'json x'),
      refusal('{}', 'a/'),
      refusal('{}', 'application/json/x'),
      refusal('{}', 'application/json; charset'),
    ]).toEqual([
      'malformed Content-Type header (): mime: no media type',
      "unsupported Content-Type header (text/plain): must be 'application/json'",
      'malformed Content-Type header (json x): mime: expected slash after first token',
      'malformed Content-Type header (a/): mime: expected token after slash',
      'malformed Content-Type header (application/json/x): mime: unexpected content after media subtype',
      'malformed Content-Type header (application/json; charset): mime: invalid media parameter',
    ]);
  });
});
