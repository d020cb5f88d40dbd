import { Readable } from 'node:stream';
import { type InitialFiles, InMemoryFs } from 'just-bash';
import { extract } from 'tar-stream';
import { packTar, type TarEntry } from '../tar.ts';
import type { ContainerUser } from './container-user.ts';
import type { ImageFile } from './images.ts';

/** Bytes and entries that the files of one container may take: they are in the memory of a process that others need too. */
const BYTES = 4 * 1024 * 1024;
const ENTRIES = 10_000;
const ROOT: ContainerUser = { uid: 0, gid: 0 };

/** A container's own files, in memory; made when something first asks for them. */
export class ContainerFiles extends InMemoryFs {
  readonly #owners = new Map<string, ContainerUser>();
  readonly #taps = new Map<string, (text: string) => void>();
  #tapped = 0;
  /** At most so many entries were made; those removed since are found out when it matters. */
  #made = 0;

  constructor(files: InitialFiles) {
    super(files, { maxTotalBytes: BYTES });
  }

  /** Whose a file is: root's, unless it came with another owner. */
  ownerOf(path: string): ContainerUser {
    return this.#owners.get(path) ?? ROOT;
  }

  /** Every file below a path (or the file there itself), by path. */
  async filesBelow(path: string): Promise<Map<string, ImageFile>> {
    const inside = path === '/' ? '/' : `${path}/`;
    const found = new Map<string, ImageFile>();
    for (const each of this.getAllPaths().sort()) {
      if (each !== path && !each.startsWith(inside)) continue;
      const stat = await this.lstat(each);
      if (stat.isFile) found.set(each, { content: await this.readFileBuffer(each), mode: stat.mode & 0o7777 });
    }
    return found;
  }

  /** What is at a path as a tar archive, in which it has its own last name. Rejects when nothing is there. */
  async pack(path: string): Promise<Buffer> {
    const at = path === '/' ? '' : path.replace(/\/$/, '');
    const above = at.lastIndexOf('/') + 1;
    const { isDirectory } = await this.stat(at || '/');
    const folders = isDirectory && at !== '' ? [at.slice(above)] : [];
    const entries: TarEntry[] = folders.map((folder) => ({ path: folder, type: 'folder' }));
    for (const [file, { content, mode }] of await this.filesBelow(at || '/'))
      entries.push({ path: at === '' ? file.slice(1) : file.slice(above), type: 'file', content, mode });
    return packTar(entries);
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

  /** A file of which everything that is appended goes to `onText` at once, and nothing is kept. */
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

  /** Unpacks an uncompressed tar archive below `folder`; only files and folders are taken over. */
  async unpack(folder: string, archive: Uint8Array): Promise<void> {
    const entries = extract();
    Readable.from([archive]).pipe(entries);
    for await (const entry of entries) {
      const path = `${folder.replace(/\/$/, '')}/${entry.header.name.replace(/^\.?\//, '')}`;
      if (entry.header.type === 'directory') {
        await this.mkdir(path, { recursive: true });
        entry.resume();
        continue;
      }
      const chunks: Buffer[] = [];
      for await (const chunk of entry) chunks.push(chunk as Buffer);
      await this.mkdir(path.slice(0, path.lastIndexOf('/')) || '/', { recursive: true });
      await this.writeFile(path, Buffer.concat(chunks));
      const { mode, uid = 0, gid = 0 } = entry.header;
      if (mode !== undefined) await this.chmod(path, mode);
      this.#owners.set(path, { uid, gid });
    }
  }
}
