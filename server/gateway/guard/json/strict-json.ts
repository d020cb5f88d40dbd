import { Refusal, unclear } from '../refusal.ts';

export type JsonValue = null | boolean | number | string | JsonValue[] | JsonObject;
export type JsonObject = { [key: string]: JsonValue };

const DEEPEST = 64;
const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORDS: Record<string, null | boolean> = { null: null, true: true, false: false };

/**
 * Reads JSON that every reader reads the same: valid UTF-8, one value, no key twice in an object, no lone surrogates. JSON.parse would
 * silently keep the last of two equal keys where Go merges them. Throws a Refusal with Docker's own words where it has some.
 */
export function parseStrictJson(bytes: Uint8Array): JsonValue {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw invalid('the body is not UTF-8');
  }
  const reader = new Reader(text);
  const value = reader.value(0);
  reader.end();
  return value;
}

function invalid(reason: string): Refusal {
  return new Refusal(400, `invalid JSON: ${reason}`);
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): JsonValue {
    if (depth > DEEPEST) throw invalid('exceeded max depth');
    this.#match(SPACE);
    const next = this.#text[this.#at];
    if (next === '{') return this.#object(depth);
    if (next === '[') return this.#array(depth);
    if (next === '"') return this.#string();
    const number = this.#match(NUMBER);
    if (number !== undefined) return Number(number);
    for (const [word, value] of Object.entries(WORDS)) {
      if (next !== word[0]) continue;
      this.#word(word);
      return value;
    }
    throw this.#unexpected('looking for beginning of value');
  }

  #word(word: string): void {
    for (const letter of word) {
      if (this.#text[this.#at] !== letter) throw this.#unexpected(`in literal ${word} (expecting '${letter}')`);
      this.#at += 1;
    }
  }

  end(): void {
    this.#match(SPACE);
    if (this.#at < this.#text.length) throw new Refusal(400, 'unexpected content after JSON');
  }

  #object(depth: number): JsonObject {
    // Without a prototype, `__proto__` is a key like any other.
    const object: JsonObject = Object.create(null);
    this.#at += 1;
    if (this.#skip('}')) return object;
    do {
      this.#match(SPACE);
      if (this.#text[this.#at] !== '"') throw this.#unexpected('looking for beginning of object key string');
      const key = this.#string();
      if (key === '__proto__') throw unclear(`the key "${key}" is not accepted`);
      if (key in object) throw unclear(`the key "${key}" is there twice`);
      if (!this.#skip(':')) throw this.#unexpected('after object key');
      object[key] = this.value(depth + 1);
    } while (this.#skip(','));
    if (!this.#skip('}')) throw this.#unexpected('after object key:value pair');
    return object;
  }

  #array(depth: number): JsonValue[] {
    const array: JsonValue[] = [];
    this.#at += 1;
    if (this.#skip(']')) return array;
    do array.push(this.value(depth + 1));
    while (this.#skip(','));
    if (!this.#skip(']')) throw this.#unexpected('after array element');
    return array;
  }

  #string(): string {
    const raw = this.#text.slice(this.#at, this.#closingQuote() + 1);
    let value: unknown;
    try {
      value = JSON.parse(raw);
    } catch {
      throw invalid('invalid character in string literal');
    }
    if (typeof value !== 'string' || /\p{Surrogate}/u.test(value))
      throw unclear('half of a surrogate pair in a string');
    this.#at += raw.length;
    return value;
  }

  /** Where the string that begins here ends: at the first quote with an even number of backslashes before it. */
  #closingQuote(): number {
    for (let quote = this.#text.indexOf('"', this.#at + 1); quote > 0; quote = this.#text.indexOf('"', quote + 1)) {
      let backslashes = 0;
      while (this.#text[quote - 1 - backslashes] === '\\') backslashes += 1;
      if (backslashes % 2 === 0) return quote;
    }
    throw invalid('unexpected EOF');
  }

  #skip(character: string): boolean {
    this.#match(SPACE);
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  #unexpected(where: string): Refusal {
    const character = this.#text[this.#at];
    return invalid(character === undefined ? 'unexpected EOF' : `invalid character '${character}' ${where}`);
  }
}
