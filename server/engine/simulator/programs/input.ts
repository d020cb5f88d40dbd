/** What a program reads from its standard input: chunks as they come, and an end. */
export class ProgramInput implements AsyncIterable<string> {
  readonly #chunks: string[] = [];
  #ended = false;
  #wake: () => void = () => {};

  /** An input that has ended before it began: the program of a container that nobody is attached to. */
  static empty(): ProgramInput {
    const input = new ProgramInput();
    input.end();
    return input;
  }

  /** An input that is all there from the beginning. */
  static of(text: string): ProgramInput {
    const input = new ProgramInput();
    if (text !== '') input.write(text);
    input.end();
    return input;
  }

  write(text: string): void {
    this.#chunks.push(text);
    this.#wake();
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    for (;;) {
      const chunk = this.#chunks.shift();
      if (chunk !== undefined) yield chunk;
      else if (this.#ended) return;
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
    }
  }

  /** Everything up to the end. */
  async text(): Promise<string> {
    let all = '';
    for await (const chunk of this) all += chunk;
    return all;
  }
}
