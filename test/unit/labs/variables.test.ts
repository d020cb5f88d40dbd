import { describe, expect, test } from 'vitest';
import { formatDuration, parseDuration } from '../../../server/labs/duration.ts';
import { closest } from '../../../server/labs/suggestion.ts';
import { expandText, expandValue, missingNames } from '../../../server/labs/template.ts';
import { drawVariables } from '../../../server/labs/variables.ts';

describe('variables', () => {
  const sources = {
    replicas: { pick: [40, 50, 60] },
    port: { range: [8000, 8003] as [number, number] },
    image: 'nginx',
  };

  test('are the same for the same seed, and all values occur', () => {
    expect(drawVariables(sources, 'a')).toEqual(drawVariables(sources, 'a'));
    const seeds = Array.from({ length: 200 }, (_, index) => drawVariables(sources, String(index)));
    expect(new Set(seeds.map(({ replicas }) => replicas))).toEqual(new Set([40, 50, 60]));
    expect(new Set(seeds.map(({ port }) => port))).toEqual(new Set([8000, 8001, 8002, 8003]));
  });

  test('do not change when another is added', () => {
    expect(drawVariables({ ...sources, more: { pick: [1, 2] } }, 'a')).toMatchObject(drawVariables(sources, 'a'));
  });
});

describe('names in a text', () => {
  test('are put in; what is Docker’s own stays', () => {
    const text = 'docker ps --format "{{.Names}} {{json .Labels}} {{range .Ports}}{{end}}" {{name}}';
    expect(expandText(text, { name: 'web' })).toBe(text.replace('{{name}}', 'web'));
    expect(expandText('{{ other }}', { name: 'web' })).toBe('{{ other }}');
  });

  test('keep their kind when they are all there is', () => {
    expect(expandValue({ a: '{{n}}', b: 'x{{n}}', c: ['{{n}}'] }, { n: 5 })).toEqual({ a: 5, b: 'x5', c: [5] });
    expect(missingNames({ a: '{{n}}', b: ['{{m}} {{.Dot}}'] }, { n: 5 })).toEqual(['m']);
  });

  test('are not looked for in the prototype', () => {
    expect(expandText('{{constructor}}', {})).toBe('{{constructor}}');
  });
});

test('durations are read and written', () => {
  expect([parseDuration('1m30s'), parseDuration('500ms'), parseDuration('soon'), parseDuration('5')]).toEqual([
    90_000,
    500,
    undefined,
    undefined,
  ]);
  expect([formatDuration(90_000), formatDuration(500), formatDuration(5000)]).toEqual(['1m30s', '500ms', '5s']);
});

test('a slip of the fingers finds its word, something else does not', () => {
  const known = ['running', 'replicas', 'image'];
  expect([closest('runing', known), closest('imgae', known), closest('zebra', known)]).toEqual([
    'running',
    'image',
    undefined,
  ]);
});
