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
 * Enter into a line, and Ctrl-C and Ctrl-D into what they mean. With `history`, arrows up and down bring earlier lines back; other escape
 * sequences are taken out.
 */
export class LineDiscipline {
  readonly #echo: (text: string) => void;
  readonly #listener: LineListener;
  readonly #history: string[] | undefined;
  #line = '';
  #escape = false;
  /** Which earlier line is shown; as many as there are: none. */
  #shown = 0;

  constructor(echo: (text: string) => void, listener: LineListener, options: { history?: boolean } = {}) {
    this.#echo = echo;
    this.#listener = listener;
    this.#history = options.history === true ? [] : undefined;
  }

  feed(text: string): void {
    for (const character of text) this.#type(character);
  }

  #type(character: string): void {
    if (this.#escape) {
      if (character === 'A') this.#recall(-1);
      if (character === 'B') this.#recall(1);
      // `ESC O A` is an arrow key, too, in a mode of some terminals.
      if (/[A-NP-Za-z~]/.test(character)) this.#escape = false;
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
        if (this.#history !== undefined) {
          if (line.trim() !== '' && this.#history.at(-1) !== line) this.#history.push(line);
          this.#shown = this.#history.length;
        }
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
        this.#erase();
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

  #erase(): void {
    this.#echo('\b \b'.repeat([...this.#line].length));
    this.#line = '';
  }

  #recall(step: number): void {
    const wanted = this.#shown + step;
    if (this.#history === undefined || wanted < 0 || wanted > this.#history.length) return;
    this.#shown = wanted;
    this.#erase();
    this.#line = this.#history[wanted] ?? '';
    this.#echo(this.#line);
  }
}
