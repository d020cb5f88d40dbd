/**
 * Hands out numbers of a range one after the other: the search goes on behind the last one handed out and starts over at the end, so
 * that a number that was given back is not given to someone else at once. Swarm treats addresses, ports and VXLAN IDs so.
 */
export class SerialNumbers {
  readonly #first: number;
  readonly #last: number;
  readonly #used = new Set<number>();
  #next: number;
  #usedInRange = 0;

  /** Both ends are part of the range. */
  constructor(first: number, last: number) {
    this.#first = first;
    this.#last = last;
    this.#next = first;
  }

  has(number: number): boolean {
    return this.#used.has(number);
  }

  inRange(number: number): boolean {
    return number >= this.#first && number <= this.#last;
  }

  /** The next free number, or undefined when none is left. */
  take(): number | undefined {
    const count = this.#last - this.#first + 1;
    if (this.#usedInRange >= count) return undefined;
    for (let offset = 0; offset < count; offset++) {
      const number = this.#first + ((this.#next - this.#first + offset) % count);
      if (this.#used.has(number)) continue;
      this.reserve(number);
      this.#next = number === this.#last ? this.#first : number + 1;
      return number;
    }
    return undefined;
  }

  /** Takes a certain number, inside the range or not, and says whether it was free. The order of the others stays as it is. */
  reserve(number: number): boolean {
    if (this.#used.has(number)) return false;
    this.#used.add(number);
    if (this.inRange(number)) this.#usedInRange++;
    return true;
  }

  release(number: number): void {
    if (this.#used.delete(number) && this.inRange(number)) this.#usedInRange--;
  }
}
