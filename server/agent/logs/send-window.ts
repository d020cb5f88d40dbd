/** How many bytes may be on their way to a reader that has not yet taken them. */
const WINDOW = 1024 * 1024;

/** Holds a log back while its reader is behind, so that nobody on the way has to keep what it has not read. */
export class SendWindow {
  #owed = 0;
  #wake: (() => void)[] = [];

  /** Notes bytes that were sent. */
  sent(bytes: number): void {
    this.#owed += bytes;
  }

  /** Notes bytes that the reader has taken; those of an earlier session may be among them. */
  taken(bytes: number): void {
    this.#owed = Math.max(0, this.#owed - bytes);
    if (this.#owed <= WINDOW) this.open();
  }

  /** Lets everybody through who waits. */
  open(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }

  /** Resolves when more may be sent. */
  async room(): Promise<void> {
    if (this.#owed > WINDOW) await new Promise<void>((resolve) => this.#wake.push(resolve));
  }
}
