import type { Random } from './random.ts';

/** Characters that Go takes for these letters in a key, and some that only look like them. */
const DOUBLES: Record<string, readonly string[]> = {
  k: ['\u212a', '\u212a', '\u043a'],
  s: ['\u017f', '\u017f', '\u0455'],
  i: ['\u0131', '\u0130'],
  e: ['\u0435'],
};

/** What a key gets as a harmless twin: before Go or after it, one of both wins. */
const HARMLESS = ['false', 'null', '""', '[]', '{}', '0'];

/**
 * Writes a value as JSON in the many ways that two readers may read differently: keys in other cases, with characters that fold to
 * others, escaped, twice with a harmless value, among unknown keys and spaces.
 */
export function fuzzedJson(value: unknown, random: Random): string {
  if (Array.isArray(value)) return `[${value.map((item) => fuzzedJson(item, random)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).flatMap(([key, item]) => {
    const member = `${fuzzedKey(key, random)}${space(random)}:${space(random)}${fuzzedJson(item, random)}`;
    if (random.chance(0.15)) return [member, `${fuzzedKey(key, random)}:${random.pick(HARMLESS)}`];
    if (random.chance(0.15)) return [`${fuzzedKey(key, random)}:${random.pick(HARMLESS)}`, member];
    return [member];
  });
  if (random.chance(0.05)) members.push(`"Surprise${Math.floor(random.next() * 1000)}":true`);
  return `{${space(random)}${members.join(`${space(random)},`)}}`;
}

function fuzzedKey(key: string, random: Random): string {
  if (random.chance(0.5)) return JSON.stringify(key);
  const written = [...key].map((letter) => {
    const doubles = DOUBLES[letter.toLowerCase()];
    if (doubles && random.chance(0.1)) return random.pick(doubles);
    return random.chance(0.4) ? swapCase(letter) : letter;
  });
  const escaped = written.map((letter) =>
    random.chance(0.1) ? `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}` : letter,
  );
  return `"${escaped.join('')}"`;
}

function swapCase(letter: string): string {
  return letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase();
}

function space(random: Random): string {
  return random.pick(['', '', '', ' ', '\n\t']);
}
