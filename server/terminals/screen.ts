import serialize from '@xterm/addon-serialize';
import headless from '@xterm/headless';
import type { TerminalSize } from './pty.ts';

/** Lines above the screen that a restored viewer gets back, besides the screen itself. */
const SCROLLBACK_LINES = 1000;

/**
 * What a terminal shows, kept on the node with nobody looking. It restores viewers that missed more than the ring holds, and it is
 * the one that answers the questions programs ask a terminal (cursor position, device attributes), so that they are answered
 * exactly once however many viewers there are.
 */
export class Screen {
  readonly #terminal: InstanceType<typeof headless.Terminal>;
  readonly #serializer = new serialize.SerializeAddon();
  #unparsed = 0;

  /** `answer` takes the replies to what programs ask, to be given to them as input; `parsed` hears of every bit of progress. */
  constructor(size: TerminalSize, hooks: { answer: (reply: string) => void; parsed: () => void }) {
    this.#terminal = new headless.Terminal({
      cols: size.columns,
      rows: size.rows,
      scrollback: SCROLLBACK_LINES,
      allowProposedApi: true,
    });
    this.#terminal.loadAddon(this.#serializer);
    this.#terminal.onData(hooks.answer);
    this.#parsed = hooks.parsed;
  }

  readonly #parsed: () => void;

  /** Bytes written and not parsed yet. */
  get unparsed(): number {
    return this.#unparsed;
  }

  write(bytes: Uint8Array): void {
    this.#unparsed += bytes.length;
    this.#terminal.write(bytes, () => {
      this.#unparsed -= bytes.length;
      this.#parsed();
    });
  }

  resize(size: TerminalSize): void {
    this.#terminal.resize(size.columns, size.rows);
  }

  /** What, written to a fresh terminal of the same size, gives screen, scrollback and modes as of everything written until now. */
  snapshot(): Promise<string> {
    return new Promise((resolve) => {
      this.#terminal.write('', () => resolve(this.#serializer.serialize({ scrollback: SCROLLBACK_LINES })));
    });
  }

  dispose(): void {
    this.#terminal.dispose();
  }
}
