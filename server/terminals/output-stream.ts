import { Boundary } from './boundary.ts';
import { ByteRing } from './byte-ring.ts';
import type { TerminalSize } from './pty.ts';
import { Screen } from './screen.ts';

/** How far back a viewer can go and get the exact bytes. */
export const RING_BYTES = 2 * 1024 * 1024;

/** An escape sequence that is still unfinished after this much is not waited for: somebody printed a binary file. */
const LONGEST_UNIT = 64 * 1024;

/** All that a terminal has put out: the latest bytes as they came, everything before as the screen that it made. */
export class OutputStream {
  readonly #ring = new ByteRing(RING_BYTES);
  readonly #boundary = new Boundary();
  readonly #screen: Screen;
  #exitCode: number | undefined;

  constructor(size: TerminalSize, hooks: { answer: (reply: string) => void; parsed: () => void }) {
    this.#screen = new Screen(size, hooks);
  }

  /** Sequence number of the oldest byte that can still be read. */
  get start(): number {
    return this.#ring.start;
  }

  /** Bytes put out until now. */
  get end(): number {
    return this.#ring.end;
  }

  /** The exit status, once the last byte has come. */
  get exitCode(): number | undefined {
    return this.#exitCode;
  }

  /** Bytes that the screen has not caught up with. */
  get unparsed(): number {
    return this.#screen.unparsed;
  }

  push(bytes: Uint8Array): void {
    this.#ring.push(bytes);
    this.#boundary.push(bytes);
    this.#screen.write(bytes);
  }

  finish(exitCode: number): void {
    this.#exitCode = exitCode;
  }

  read(from: number, limit: number): Uint8Array {
    return this.#ring.read(from, limit);
  }

  resize(size: TerminalSize): void {
    this.#screen.resize(size);
  }

  /** The screen, and the sequence number from which the stream goes on after it. */
  async snapshot(): Promise<{ sequence: number; screen: string }> {
    // A character or escape sequence that is unfinished is not on the screen yet: the stream goes on from its first byte.
    const unfinished = this.end - this.#boundary.sequence;
    const sequence = unfinished > LONGEST_UNIT ? this.end : this.#boundary.sequence;
    return { sequence, screen: await this.#screen.snapshot() };
  }

  dispose(): void {
    this.#screen.dispose();
  }
}
