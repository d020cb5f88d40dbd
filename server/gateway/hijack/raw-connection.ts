import { type Duplex, PassThrough, type Readable } from 'node:stream';

/**
 * A connection that Node has handed over after a request's head. The request's body, if it has one, comes first on it; what follows
 * belongs to the container.
 */
export class RawConnection {
  /** For writing. What the client sends is read from `input`. */
  readonly stream: Duplex;
  /** Whether the client asked for an upgrade and so wants 101; the others want 200 and the bytes all the same. */
  readonly upgraded: boolean;
  // A client may end its input before anybody is there to read it; the end then waits in here.
  readonly #input = new PassThrough();
  #handedOver = false;

  constructor(stream: Duplex, head: Buffer, upgraded: boolean) {
    this.stream = stream;
    this.upgraded = upgraded;
    this.#input.write(head);
    stream.pipe(this.#input);
    stream.on('close', () => this.#input.destroy());
  }

  /** Whether the connection is the container's by now, so that no answer can be written to it any more. */
  get handedOver(): boolean {
    return this.#handedOver;
  }

  /** Takes exactly `length` bytes off the front: the request's body. Rejects when the client ends before. */
  async take(length: number): Promise<Buffer> {
    const input = this.#input;
    if (length === 0) return Buffer.alloc(0);
    for (;;) {
      const taken: Buffer | null = input.read(length);
      if (taken !== null && taken.length === length) return taken;
      if (input.readableEnded || input.destroyed || taken !== null) {
        throw new Error('the client closed the connection before its request was complete');
      }
      await new Promise((resolve) => input.once('readable', resolve).once('end', resolve).once('close', resolve));
    }
  }

  /** Gives the connection up: everything that the client sends from here on. */
  handOver(): Readable {
    this.#handedOver = true;
    return this.#input;
  }
}
