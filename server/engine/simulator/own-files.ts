import { type InitialFiles, InMemoryFs } from 'just-bash';

/** Bytes and entries that the files of one container may take: they are in the memory of a process that others need too. */
const BYTES = 4 * 1024 * 1024;
const ENTRIES = 10_000;

/** Files in memory of which there is only so much room, and some of which are not kept but listened to. */
export class OwnFiles extends InMemoryFs {
  readonly #taps = new Map<string, (text: string) => void>();
  #tapped = 0;
  /** At most so many entries were made; those removed since are found out when it matters. */
  #made = 0;

  constructor(files: InitialFiles = {}) {
    super(files, { maxTotalBytes: BYTES });
  }

  override async writeFile(...[path, content, options]: Parameters<InMemoryFs['writeFile']>): Promise<void> {
    this.#makeRoom(path);
    return super.writeFile(path, content, options);
  }

  override async mkdir(...[path, options]: Parameters<InMemoryFs['mkdir']>): Promise<void> {
    this.#makeRoom(path);
    return super.mkdir(path, options);
  }

  #makeRoom(path: string): void {
    if (++this.#made <= ENTRIES) return;
    this.#made = this.getAllPaths().length;
    if (this.#made > ENTRIES) throw new Error(`ENOSPC: no space left on device, '${path}'`);
  }

  tap(onText: (text: string) => void): { path: string; dispose(): void } {
    const path = `/dev/fd/swarmlab-${this.#tapped++}`;
    this.#taps.set(path, onText);
    return { path, dispose: () => this.#taps.delete(path) };
  }

  override async appendFile(...[path, content, options]: Parameters<InMemoryFs['appendFile']>): Promise<void> {
    const onText = this.#taps.get(path);
    if (onText === undefined) return super.appendFile(path, content, options);
    const text = typeof content === 'string' ? content : Buffer.from(content).toString();
    if (text !== '') onText(text);
  }
}
