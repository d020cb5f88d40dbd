import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseStrictJson } from '../../../server/gateway/guard/json/strict-json.ts';

const parse = (text: string) => parseStrictJson(Buffer.from(text));

describe('strict JSON', () => {
  test('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!text.includes('__proto__'));
        expect(JSON.stringify(parse(text))).toBe(text);
        expect(JSON.stringify(parse(JSON.stringify(value, null, 2)))).toBe(text);
      }),
      { numRuns: 50 },
    );
  });

  test.each([
    ['{"a":1,"a":2}', 'the key "a" is there twice'],
    ['{"a":1,"\\u0061":2}', 'the key "a" is there twice'],
    ['{"x":{"b":1,"b":1}}', 'the key "b" is there twice'],
    ['{"__proto__":1}', 'the key "__proto__" is not accepted'],
    ['"\\ud800"', 'half of a surrogate pair'],
    ['{} {}', 'unexpected content after JSON'],
    ['{"a"', 'invalid JSON'],
    ['{"a":01}', 'invalid JSON'],
    ['{"a":1,}', 'invalid JSON'],
    ["{'a':1}", 'invalid JSON'],
    ['[1,2', 'unexpected EOF'],
    ['nul', 'invalid JSON: unexpected EOF'],
    ['nojson', "invalid JSON: invalid character 'o' in literal null (expecting 'u')"],
    ['truth', "invalid JSON: invalid character 't' in literal true (expecting 'e')"],
    ['', 'invalid JSON: unexpected EOF'],
    ['"a', 'unexpected EOF'],
    ['"\t"', 'invalid JSON'],
    ['\ufeff{}', 'invalid JSON'],
    [`${'['.repeat(100)}${']'.repeat(100)}`, 'exceeded max depth'],
  ])('refuses %s', (text, message) => {
    expect(() => parse(text)).toThrow(message);
  });

  test('refuses bytes that are not UTF-8', () => {
    expect(() => parseStrictJson(Buffer.from([0x22, 0xc3, 0x28, 0x22]))).toThrow('not UTF-8');
  });
});
