import { LineDiscipline } from './line-discipline.ts';
import { ProgramInput } from './programs/input.ts';

/** Where a program's output goes while someone watches. */
export type OutputListener = (stream: 'stdout' | 'stderr', text: string) => void;

/**
 * The standard streams of one program: input from whoever is attached, output to all of them. On a terminal both streams are one,
 * lines end in CR LF, and input goes through the line discipline.
 */
export class ProgramIo {
  readonly tty: boolean;
  readonly input: ProgramInput;
  readonly #listeners = new Set<OutputListener>();
  readonly #terminal: LineDiscipline | undefined;

  constructor(options: { tty: boolean; open: boolean; onInterrupt: () => void }) {
    this.tty = options.tty;
    this.input = options.open ? new ProgramInput() : ProgramInput.empty();
    if (options.tty) {
      this.#terminal = new LineDiscipline((text) => this.#tell('stdout', text), {
        onLine: (line) => this.input.write(`${line}\n`),
        onEnd: () => this.input.end(),
        onInterrupt: options.onInterrupt,
      });
    }
  }

  /** Gives output to the listener until disposed. */
  attach(listener: OutputListener): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  /** What a client typed or piped in. */
  feed(text: string): void {
    if (this.#terminal === undefined) this.input.write(text);
    else this.#terminal.feed(text);
  }

  /** The client has closed its end. */
  end(): void {
    this.input.end();
  }

  /** What the program printed, as its watchers see it. */
  print(stream: 'stdout' | 'stderr', text: string): void {
    this.#tell(this.tty ? 'stdout' : stream, this.tty ? text.replace(/\r?\n/g, '\r\n') : text);
  }

  #tell(stream: 'stdout' | 'stderr', text: string): void {
    for (const listener of [...this.#listeners]) listener(stream, text);
  }
}
