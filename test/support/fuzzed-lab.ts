import type { Random } from './random.ts';

/** What is put into a lab file to break whoever reads it. */
const POISON = [
  '\u0000',
  '\uFFFD\uD800',
  '{{',
  '{{replicas}}',
  '{{__proto__}}',
  '---',
  '```',
  '````md hint',
  '```yaml check',
  '## ',
  '## Title {#',
  '## Again {#first points=-1}',
  '- __proto__: { polluted: true }',
  '- constructor: 1',
  '- toString: web',
  '- &a [*a, *a]',
  '- service: !!js/function "function () {}"',
  '- service: [[[[[[[[[[[[[[[[',
  '? {a: 1}',
  '\t- tab',
  '- script: "exit 0"',
  '- logs: web\n  matches: "(a+)+$"',
  '- service: web\n  running: -1e999',
  '- service: web\n  within: 99999999h',
  '- service: "{{x}}"\n  running: .nan',
  '<script>alert(1)</script>',
  '[link](javascript:alert(1))',
  '> '.repeat(500),
  'x'.repeat(100_000),
  '['.repeat(5_000),
] as const;

const WORDS = ['0', '-1', '1e309', 'null', '~', 'true', '""', '[]', '{}', '*', '&a', '!', '|', '"', "'", '🐳', 'é'];

/** A lab file with something wrong about it, or several things: lines lost, doubled, swapped, poisoned; words and characters changed. */
export function fuzzedLab(source: string, random: Random): string {
  let lines = source.split('\n');
  const at = () => Math.floor(random.next() * (lines.length + 1));
  for (let change = 0; change < 1 + Math.floor(random.next() * 6); change++) {
    const line = at();
    const text = lines[line] ?? '';
    switch (Math.floor(random.next() * 8)) {
      case 0:
        lines.splice(line, 1 + Math.floor(random.next() * 4));
        break;
      case 1:
        lines.splice(at(), 0, ...lines.slice(line, line + 12));
        break;
      case 2:
        lines.splice(at(), 0, ...lines.splice(line, 1));
        break;
      case 3:
        lines.splice(line, 0, random.pick(POISON));
        break;
      case 4:
        lines[line] = text.replace(/[\w.-]+(?=\W*$)/, random.pick(WORDS));
        break;
      case 5:
        lines[line] = `${text.slice(0, text.length / 2)}${random.pick(POISON)}${text.slice(text.length / 2)}`;
        break;
      case 6:
        lines[line] = `${' '.repeat(Math.floor(random.next() * 5))}${text}`;
        break;
      default:
        if (random.chance(0.2)) lines = lines.slice(0, line);
    }
  }
  return lines.join('\n');
}
