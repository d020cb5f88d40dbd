import type { Disposable } from '../../../server/clock/clock.ts';
import type { Pty, TerminalSize } from '../../../server/terminals/pty.ts';

/** A PTY played by the test: it says what the process puts out and sees what the process would get. */
export class FakePty implements Pty {
  written = '';
  size: TerminalSize | undefined;
  paused = false;
  killed = false;
  readonly #data = new Set<(bytes: Uint8Array) => void>();
  readonly #exit = new Set<(code: number) => void>();

  print(output: string | Uint8Array): void {
    const bytes = typeof output === 'string' ? Buffer.from(output) : output;
    for (const listener of this.#data) listener(bytes);
  }

  exit(code: number): void {
    for (const listener of this.#exit) listener(code);
  }

  write(bytes: Uint8Array): void {
    this.written += Buffer.from(bytes).toString();
  }

  resize(columns: number, rows: number): void {
    this.size = { columns, rows };
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
  }

  onData(listener: (bytes: Uint8Array) => void): Disposable {
    this.#data.add(listener);
    return { dispose: () => this.#data.delete(listener) };
  }

  onExit(listener: (code: number) => void): Disposable {
    this.#exit.add(listener);
    return { dispose: () => this.#exit.delete(listener) };
  }

  kill(): void {
    this.killed = true;
  }
}
