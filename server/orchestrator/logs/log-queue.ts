import type { LogMessage } from '../dispatcher/protocol.ts';

/** Lines on their way from the nodes to one reader, and how it ends. Can be read once. */
export class LogQueue implements AsyncIterable<LogMessage> {
  #lines: LogMessage[] = [];
  #wake: (() => void) | undefined;
  #ended = false;
  #error: Error | undefined;
  readonly #onLeave: () => void;
  readonly #onTaken: (line: LogMessage) => void;

  /** `onLeave` is called when the reader wants no more, `onTaken` with each line that it is done with. */
  constructor(onLeave: () => void, onTaken: (line: LogMessage) => void = () => {}) {
    this.#onLeave = onLeave;
    this.#onTaken = onTaken;
  }

  push(lines: readonly LogMessage[]): void {
    if (this.#ended) return;
    for (const line of lines) this.#lines.push(line);
    this.#wake?.();
  }

  /** Nothing more comes after what is there; with `error` the reader is told that at the end. */
  end(error?: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<LogMessage> {
    try {
      for (;;) {
        const lines = this.#lines;
        this.#lines = [];
        for (const line of lines) {
          yield line;
          this.#onTaken(line);
        }
        if (this.#lines.length > 0) continue;
        if (this.#ended) break;
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      this.#onLeave();
    }
    if (this.#error !== undefined) throw this.#error;
  }
}
