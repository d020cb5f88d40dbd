import { SwarmlabError } from '../errors/swarmlab-error.ts';
import type { HomeFiles } from './home-files.ts';
import { type FileEntry, type FileListing, MAX_DEPTH, MAX_ENTRIES, MAX_FILE_BYTES, NEW_FILE } from './protocol.ts';

interface MemoryStat {
  isFile: boolean;
  isDirectory: boolean;
  isSymbolicLink: boolean;
  size: number;
  mtime: Date;
}

/** A file system in memory: those of simulated nodes. */
export interface MemoryFileSystem {
  lstat(path: string): Promise<MemoryStat>;
  readdir(path: string): Promise<string[]>;
  readFileBuffer(path: string): Promise<Uint8Array>;
  writeFile(path: string, content: Uint8Array): Promise<void>;
  mkdir(path: string): Promise<void>;
  mv(from: string, to: string): Promise<void>;
  rm(path: string, options: { recursive: boolean }): Promise<void>;
}

/** The home folder of a node whose files are in memory. */
export class MemoryFiles implements HomeFiles {
  readonly #system: MemoryFileSystem;
  readonly #home: string;

  constructor(system: MemoryFileSystem, home: string) {
    this.#system = system;
    this.#home = home;
  }

  async list(): Promise<FileListing> {
    const entries: FileEntry[] = [];
    await this.#collect('', 1, entries);
    const listed = entries.slice(0, MAX_ENTRIES).sort((a, b) => (a.path < b.path ? -1 : 1));
    return { entries: listed, more: entries.length > MAX_ENTRIES };
  }

  async read(path: string): Promise<{ version: string; content: Buffer }> {
    const stat = await this.#file(path);
    if (stat === undefined) throw missing(path);
    if (stat.size > MAX_FILE_BYTES) throw new SwarmlabError('SL_FILE_TOO_LARGE', `${path} is too large`);
    return { version: versionOf(stat), content: Buffer.from(await this.#system.readFileBuffer(this.#at(path))) };
  }

  async write(path: string, content: Uint8Array, condition: string | undefined): Promise<string> {
    const stat = await this.#file(path);
    if (condition === NEW_FILE && stat !== undefined) throw exists(path);
    const asWanted = condition === undefined || condition === (stat === undefined ? NEW_FILE : versionOf(stat));
    if (!asWanted)
      throw new SwarmlabError('SL_FILE_CHANGED', `${path} has been changed on the node since it was opened`);
    await this.#withRoom(path, () => this.#system.writeFile(this.#at(path), content));
    return versionOf(await this.#system.lstat(this.#at(path)));
  }

  async remove(path: string): Promise<void> {
    if ((await this.#stat(path)) === undefined) throw missing(path);
    await this.#system.rm(this.#at(path), { recursive: true });
  }

  async makeFolder(path: string): Promise<void> {
    if ((await this.#stat(path)) !== undefined) throw exists(path);
    await this.#withRoom(path, () => this.#system.mkdir(this.#at(path)));
  }

  async move(from: string, to: string): Promise<void> {
    if ((await this.#stat(from)) === undefined) throw missing(from);
    if ((await this.#stat(to)) !== undefined) throw exists(to);
    await this.#system.mv(this.#at(from), this.#at(to));
  }

  async #collect(folder: string, depth: number, entries: FileEntry[]): Promise<void> {
    for (const name of await this.#system.readdir(this.#at(folder))) {
      if (entries.length > MAX_ENTRIES) return;
      const path = folder === '' ? name : `${folder}/${name}`;
      const stat = await this.#system.lstat(this.#at(path));
      entries.push({ path, kind: kindOf(stat), size: stat.size, modified: stat.mtime.getTime() });
      if (stat.isDirectory && depth < MAX_DEPTH) await this.#collect(path, depth + 1, entries);
    }
  }

  /** What is at a path, undefined when nothing is; the folders on the way have to be there, and be none but folders. */
  async #stat(path: string): Promise<MemoryStat | undefined> {
    const parts = path.split('/');
    for (let length = 1; length < parts.length; length++) {
      const way = parts.slice(0, length).join('/');
      const stat = await this.#system.lstat(this.#at(way)).catch(() => undefined);
      if (stat?.isSymbolicLink) throw refused(`${path} is a link, or lies behind one`);
      if (stat?.isDirectory !== true) throw missing(way);
    }
    return this.#system.lstat(this.#at(path)).catch(() => undefined);
  }

  async #file(path: string): Promise<MemoryStat | undefined> {
    const stat = await this.#stat(path);
    if (stat?.isSymbolicLink) throw refused(`${path} is a link, or lies behind one`);
    if (stat !== undefined && !stat.isFile) throw refused(`${path} is no ordinary file`);
    return stat;
  }

  async #withRoom(path: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Error && /ENOSPC|size limit|exceed/i.test(error.message))) throw error;
      throw new SwarmlabError('SL_DISK_FULL', `there is no room for ${path} on the node`, {
        next: 'Remove files from the home folder.',
      });
    }
  }

  #at(path: string): string {
    return path === '' ? this.#home : `${this.#home}/${path}`;
  }
}

function kindOf(stat: MemoryStat): FileEntry['kind'] {
  if (stat.isSymbolicLink) return 'link';
  return stat.isDirectory ? 'folder' : stat.isFile ? 'file' : 'other';
}

function versionOf({ mtime, size }: MemoryStat): string {
  return `${mtime.getTime()}-${size}`;
}

function missing(path: string): SwarmlabError {
  return new SwarmlabError('SL_FILE_NOT_FOUND', `there is no ${path} in the home folder`);
}

function exists(path: string): SwarmlabError {
  return new SwarmlabError('SL_FILE_EXISTS', `there is a ${path} already`);
}

function refused(message: string): SwarmlabError {
  return new SwarmlabError('SL_FILE_REFUSED', message);
}
