import type { Mode } from './scenario.ts';

/** What a command answered. */
export interface Answer {
  exit: number;
  out: string;
  err: string;
}

/** Lines that the client draws while it waits: how many there are is a matter of time. */
const PROGRESS =
  /^\s*(overall progress:|verify: (Waiting|Detected)|\d+\/\d+: |job progress:|job complete|active tasks:|[0-9a-z]{12}: )/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: terminals are driven by them
const ESCAPES = /\x1b\[[0-9;?]*[A-Za-z]/g;
const NODE = /(?:master|worker1|worker2|registry)\.docker-dca\.example(?!:)/g;

/** What differs from run to run, and what stands for it. */
const VARIABLE: readonly [RegExp, string][] = [
  [/SWMTKN-1-[0-9a-z]+-[0-9a-z]+/g, '<token>'],
  [/\bsha256:[0-9a-f]{12,64}/g, '<sha>'],
  [/\b(?=[0-9a-z]*\d)(?=[0-9a-z]*[a-z])[0-9a-z]{25}\b/g, '<id>'],
  [/\b[0-9a-f]{64}\b/g, '<id>'],
  [/(?<=\.)[0-9a-z]{12}(?=@)/g, '<id>'],
  [/^(?=[0-9a-z]*\d)[0-9a-z]{12}(?=\s|$)/g, '<id>'],
  [/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?( ?(Z|\+0000( UTC)?| UTC))?/g, '<time>'],
  [/(less than a second|about a minute|about an hour|\d+ (seconds?|minutes?|hours?)) ago/gi, '<ago>'],
  [/time=[0-9.]+ ms/g, 'time=<ms>'],
  [/([0-9a-f]{2}:){5}[0-9a-f]{2}/g, '<mac>'],
];

/** The lines of an output with everything taken out that says nothing about behaviour. */
export function normalise(text: string, blankNodes = false): string[] {
  return text
    .replaceAll('\r', '\n')
    .split('\n')
    .map((line) => line.replace(ESCAPES, ''))
    .filter((line) => !PROGRESS.test(line))
    .map((line) => VARIABLE.reduce((done, [pattern, name]) => done.replace(pattern, name), line))
    .map((line) => (blankNodes ? line.replace(NODE, '<node>') : line))
    .map((line) => line.replace(/\s+/g, ' ').trim())
    .filter((line) => line !== '');
}

/** A JSON value with its keys in order and its variable parts named. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shape);
  if (typeof value === 'string') return normalise(value)[0] ?? '';
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, part]) => [key, shape(part)]),
  );
}

/** What of an answer is compared, line by line. */
export function comparable(answer: Answer, mode: Mode): string[] {
  const exit = `exit ${answer.exit}`;
  if (mode === 'free') return [exit];
  if (mode === 'json') {
    try {
      return [exit, JSON.stringify(shape(JSON.parse(answer.out)))];
    } catch {
      // No JSON after all: compared as text.
    }
  }
  const lines = [answer.out, answer.err].map((text) => normalise(text, mode === 'nodes'));
  const [out = [], err = []] = mode === 'set' || mode === 'nodes' ? lines.map((part) => part.toSorted()) : lines;
  return [exit, ...out, '-- stderr', ...err];
}
