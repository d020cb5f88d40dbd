/** Told in portions: a node may be owed many of them before it holds back. */
const PORTION = 128 * 1024;

/** Counts what a reader has taken of each node's lines, and tells a portion at a time. */
export class TakenBytes {
  readonly #counts = new Map<string, number>();
  readonly #tell: (nodeId: string, bytes: number) => void;

  constructor(tell: (nodeId: string, bytes: number) => void) {
    this.#tell = tell;
  }

  add(nodeId: string, bytes: number): void {
    const count = (this.#counts.get(nodeId) ?? 0) + bytes;
    if (count < PORTION) {
      this.#counts.set(nodeId, count);
      return;
    }
    this.#counts.delete(nodeId);
    this.#tell(nodeId, count);
  }
}
