import { StringDecoder } from 'node:string_decoder';
import type { Clock } from '../clock/clock.ts';
import type { TerminalSize } from './pty.ts';

/**
 * Writes down a session as asciicast v2: a header line, then one JSON line for each bit of output or new size, timed in seconds since the
 * start. The format holds text, so bytes are decoded here, as one stream: a character cut by a read comes whole with the next one.
 */
export class Recording {
  readonly #clock: Clock;
  readonly #write: (line: string) => void;
  readonly #decoder = new StringDecoder('utf8');
  readonly #start: number;
  #open = true;

  /** `write` takes whole lines, newline included. */
  constructor(size: TerminalSize, clock: Clock, write: (line: string) => void) {
    this.#clock = clock;
    this.#write = write;
    this.#start = clock.now();
    const header = { version: 2, width: size.columns, height: size.rows, timestamp: Math.floor(this.#start / 1000) };
    this.#write(`${JSON.stringify(header)}\n`);
  }

  output(bytes: Uint8Array): void {
    const text = this.#decoder.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
    if (text !== '') this.#event('o', text);
  }

  resize(size: TerminalSize): void {
    this.#event('r', `${size.columns}x${size.rows}`);
  }

  /** Ends the recording; what comes after is not written down. */
  close(): void {
    if (!this.#open) return;
    const rest = this.#decoder.end();
    if (rest !== '') this.#event('o', rest);
    this.#open = false;
  }

  #event(code: 'o' | 'r', data: string): void {
    if (!this.#open) return;
    const seconds = (this.#clock.now() - this.#start) / 1000;
    this.#write(`${JSON.stringify([Number(seconds.toFixed(6)), code, data])}\n`);
  }
}
