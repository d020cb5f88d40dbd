import { Readable } from 'node:stream';
import { type IFileSystem, type InitialFiles, MountableFs } from 'just-bash';
import { extract } from 'tar-stream';
import { packTar, type TarEntry } from '../tar.ts';
import type { ContainerUser } from './container-user.ts';
import type { ImageFile } from './images.ts';
import { OwnFiles } from './own-files.ts';

const ROOT: ContainerUser = { uid: 0, gid: 0 };

/**
 * A container's files, in memory; made when something first asks for them. What is mounted in it is somewhere else: a volume is the same
 * one in each container that mounts it, and stays when they go.
 */
export class ContainerFiles extends MountableFs {
  readonly #own: OwnFiles;
  readonly #owners = new Map<string, ContainerUser>();

  constructor(files: InitialFiles, mounts: ReadonlyMap<string, IFileSystem> = new Map()) {
    const base = new OwnFiles(files);
    super({ base, mounts: [...mounts].map(([mountPoint, filesystem]) => ({ mountPoint, filesystem })) });
    this.#own = base;
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

  /** A file of which everything that is appended goes to `onText` at once, and nothing is kept. */
  tap(onText: (text: string) => void): { path: string; dispose(): void } {
    return this.#own.tap(onText);
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
