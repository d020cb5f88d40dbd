/** What a terminal's user did, after the terminal has echoed and edited it. */
export interface LineListener {
  onLine(line: string): void;
  /** Ctrl-C. */
  onInterrupt(): void;
  /** Ctrl-D on an empty line. */
  onEnd(): void;
}

/**
 * The kernel's side of a terminal in its everyday mode: echoes what is typed, lets the line be edited with backspace and Ctrl-U, turns
 * Enter into a line, and Ctrl-C and Ctrl-D into what they mean. Escape sequences (arrows, function keys) are taken out.
 */
export class LineDiscipline {
  readonly #echo: (text: string) => void;
  readonly #listener: LineListener;
  #line = '';
  #escape = false;

  constructor(echo: (text: string) => void, listener: LineListener) {
    this.#echo = echo;
    this.#listener = listener;
  }

  feed(text: string): void {
    for (const character of text) this.#type(character);
  }

  #type(character: string): void {
    if (this.#escape) {
      if (/[A-Za-z~]/.test(character)) this.#escape = false;
      return;
    }
    switch (character) {
      case '\x1b':
        this.#escape = true;
        return;
      case '\r':
      case '\n': {
        const line = this.#line;
        this.#line = '';
        this.#echo('\r\n');
        this.#listener.onLine(line);
        return;
      }
      case '\x7f':
      case '\b':
        if (this.#line === '') return;
        this.#line = [...this.#line].slice(0, -1).join('');
        this.#echo('\b \b');
        return;
      case '\x15':
        this.#echo('\b \b'.repeat([...this.#line].length));
        this.#line = '';
        return;
      case '\x03':
        this.#line = '';
        this.#echo('^C\r\n');
        this.#listener.onInterrupt();
        return;
      case '\x04':
        if (this.#line === '') this.#listener.onEnd();
        return;
      default:
        if (character < ' ' && character !== '\t') return;
        this.#line += character;
        this.#echo(character);
    }
  }
}
