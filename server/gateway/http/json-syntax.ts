/** What Go's decoder says of JSON it cannot read. */
export class JsonSyntaxError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'JsonSyntaxError';
  }
}

/** How deep Go follows. */
const DEEPEST = 10_000;
const WHITE_SPACE = ' \t\r\n';
const CUT_OFF = 'unexpected EOF';

/**
 * Where the first JSON value of a text ends, which is as far as Go's decoder reads; undefined when there is nothing but white space.
 * `text` has one character a byte, for Go names the byte that it stumbles over. Throws JsonSyntaxError in Go's words.
 */
export function endOfFirstValue(text: string): number | undefined {
  const scanner = new Scanner(text);
  return scanner.isOver() ? undefined : scanner.value(0);
}

class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Whether only white space is left, which is skipped. */
  isOver(): boolean {
    while (WHITE_SPACE.includes(this.#text[this.#at] ?? '-')) this.#at++;
    return this.#at >= this.#text.length;
  }

  /** Reads one value and gives where it ends. */
  value(depth: number): number {
    if (depth > DEEPEST) throw new JsonSyntaxError('exceeded max depth');
    const first = this.#next();
    if (first === '{') this.#object(depth);
    else if (first === '[') this.#array(depth);
    else if (first === '"') this.#string();
    else if (first === '-' || isDigit(first)) this.#number(first);
    else if (first === 't') this.#literal('true');
    else if (first === 'f') this.#literal('false');
    else if (first === 'n') this.#literal('null');
    else throw stumble(first, 'looking for beginning of value');
    return this.#at;
  }

  #object(depth: number): void {
    let key = this.#next();
    if (key === '}') return;
    for (;;) {
      if (key !== '"') throw stumble(key, 'looking for beginning of object key string');
      this.#string();
      const colon = this.#next();
      if (colon !== ':') throw stumble(colon, 'after object key');
      this.value(depth + 1);
      const after = this.#next();
      if (after === '}') return;
      if (after !== ',') throw stumble(after, 'after object key:value pair');
      key = this.#next();
    }
  }

  #array(depth: number): void {
    if (this.#next() === ']') return;
    this.#at--;
    for (;;) {
      this.value(depth + 1);
      const after = this.#next();
      if (after === ']') return;
      if (after !== ',') throw stumble(after, 'after array element');
    }
  }

  #string(): void {
    for (;;) {
      const character = this.#take();
      if (character === '"') return;
      if (character < ' ') throw stumble(character, 'in string literal');
      if (character === '\\') this.#escape();
    }
  }

  #escape(): void {
    const code = this.#take();
    if (code !== 'u') {
      if (!'bfnrt\\/"'.includes(code)) throw stumble(code, 'in string escape code');
      return;
    }
    for (let count = 0; count < 4; count++) {
      const digit = this.#take();
      if (!/[0-9a-fA-F]/.test(digit)) throw stumble(digit, 'in \\u hexadecimal character escape');
    }
  }

  /** A number may be the whole text, and then simply ends with it. */
  #number(first: string): void {
    const digit = first === '-' ? this.#digit('in numeric literal') : first;
    if (digit !== '0') this.#digits();
    if (this.#text[this.#at] === '.') {
      this.#at++;
      this.#digit('after decimal point in numeric literal');
      this.#digits();
    }
    if (!'eE'.includes(this.#text[this.#at] ?? '-')) return;
    this.#at++;
    if ('+-'.includes(this.#text[this.#at] ?? '.')) this.#at++;
    this.#digit('in exponent of numeric literal');
    this.#digits();
  }

  #digit(where: string): string {
    const digit = this.#take();
    if (!isDigit(digit)) throw stumble(digit, where);
    return digit;
  }

  #digits(): void {
    while (isDigit(this.#text[this.#at] ?? '')) this.#at++;
  }

  #literal(word: string): void {
    for (const expected of word.slice(1)) {
      const found = this.#take();
      if (found !== expected) throw stumble(found, `in literal ${word} (expecting '${expected}')`);
    }
  }

  #next(): string {
    if (this.isOver()) throw new JsonSyntaxError(CUT_OFF);
    return this.#take();
  }

  #take(): string {
    const character = this.#text[this.#at++];
    if (character === undefined) throw new JsonSyntaxError(CUT_OFF);
    return character;
  }
}

function isDigit(character: string): boolean {
  return character >= '0' && character <= '9';
}

function stumble(character: string, where: string): JsonSyntaxError {
  return new JsonSyntaxError(`invalid character ${quoted(character)} ${where}`);
}

const ESCAPED: Readonly<Record<string, string>> = {
  "'": "\\'",
  '\\': '\\\\',
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};

/** A byte as Go quotes it, taken for the character of that number. */
function quoted(character: string): string {
  const code = character.charCodeAt(0);
  const hex = code.toString(16);
  const unprintable = code < 0x20 || code === 0x7f ? `\\x${hex.padStart(2, '0')}` : undefined;
  // From 0x80 on these two and the no-break space and soft hyphen are no printable characters to Go.
  const unicode = (code >= 0x80 && code <= 0xa0) || code === 0xad ? `\\u${hex.padStart(4, '0')}` : undefined;
  return `'${ESCAPED[character] ?? unprintable ?? unicode ?? character}'`;
}
