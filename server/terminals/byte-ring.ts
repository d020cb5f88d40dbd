const INITIAL_SIZE = 64 * 1024;

/**
 * The last `capacity` bytes of a stream, each known by its sequence number: the count of bytes before it since the stream began.
 * Memory grows with what is held (doubling), so a quiet terminal costs little.
 */
export class ByteRing {
  readonly #capacity: number;
  #bytes: Uint8Array;
  #end = 0;
  #held = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#bytes = new Uint8Array(Math.min(INITIAL_SIZE, capacity));
  }

  /** Sequence number of the oldest byte still held. */
  get start(): number {
    return this.#end - this.#held;
  }

  /** Sequence number that the next byte will get. */
  get end(): number {
    return this.#end;
  }

  push(bytes: Uint8Array): void {
    const kept = bytes.length > this.#capacity ? bytes.subarray(bytes.length - this.#capacity) : bytes;
    this.#makeRoom(kept.length);
    const size = this.#bytes.length;
    const at = (this.#end + bytes.length - kept.length) % size;
    const untilWrap = Math.min(kept.length, size - at);
    this.#bytes.set(kept.subarray(0, untilWrap), at);
    this.#bytes.set(kept.subarray(untilWrap), 0);
    this.#end += bytes.length;
    this.#held = Math.min(this.#held + bytes.length, this.#capacity);
  }

  /** A copy of at most `limit` bytes from sequence number `from` on. Throws RangeError for bytes that are not held. */
  read(from: number, limit: number): Uint8Array {
    if (from < this.start || from > this.#end) {
      throw new RangeError(`bytes from ${from} are not held, only ${this.start} to ${this.#end}`);
    }
    const length = Math.min(limit, this.#end - from);
    const result = new Uint8Array(length);
    const at = from % this.#bytes.length;
    const untilWrap = Math.min(length, this.#bytes.length - at);
    result.set(this.#bytes.subarray(at, at + untilWrap));
    result.set(this.#bytes.subarray(0, length - untilWrap), untilWrap);
    return result;
  }

  #makeRoom(more: number): void {
    const needed = Math.min(this.#held + more, this.#capacity);
    if (needed <= this.#bytes.length) return;
    let size = this.#bytes.length;
    while (size < needed) size = Math.min(size * 2, this.#capacity);
    const held = this.read(this.start, this.#held);
    const at = this.start % size;
    const untilWrap = Math.min(held.length, size - at);
    this.#bytes = new Uint8Array(size);
    this.#bytes.set(held.subarray(0, untilWrap), at);
    this.#bytes.set(held.subarray(untilWrap), 0);
  }
}
