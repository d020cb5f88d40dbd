import type { IFileSystem } from 'just-bash';
import type { ImageFile } from './images.ts';
import { OwnFiles } from './own-files.ts';

/** What changes a file system. */
const WRITES: ReadonlySet<string | symbol> = new Set([
  ...['writeFile', 'appendFile', 'mkdir', 'rm', 'mv', 'cp', 'chmod', 'symlink', 'link', 'utimes'],
]);

/** What lies in a volume; the first container that mounts it puts there what its image has at that place. */
export class VolumeFiles {
  readonly files = new OwnFiles();
  #mounted = false;

  /** The files for a container that mounts them at `target`. */
  mount(target: string, image: ReadonlyMap<string, ImageFile>): IFileSystem {
    if (this.#mounted) return this.files;
    this.#mounted = true;
    for (const [path, { content, mode }] of image)
      if (path.startsWith(`${target}/`))
        this.files.writeFileSync(path.slice(target.length), content, undefined, { mode });
    return this.files;
  }
}

/** The same files for one who may not change them. */
export function readOnly(files: IFileSystem): IFileSystem {
  const refuse = () => Promise.reject(new Error('EROFS: read-only file system'));
  return new Proxy(files, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (WRITES.has(name)) return refuse;
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
