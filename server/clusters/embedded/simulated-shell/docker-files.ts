import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { ContainerFiles } from '../../../engine/simulator/container-files.ts';
import { rewriteComposeFile } from './compose-file.ts';
import { type FileArgument, leadsAway } from './docker-arguments.ts';

/** Entries and bytes that are given to the client at a time. */
const ENTRIES = 2_000;
const BYTES = 4 * 1024 * 1024;

/** A folder of this machine that holds, while the client runs, copies of the files that it may read, and takes what it writes. */
export class DockerFiles {
  readonly path: string;
  readonly #files: ContainerFiles;
  readonly #cwd: string;
  readonly #written: { real: string; shown: string }[] = [];
  #slots = 0;
  #count = 0;
  #bytes = 0;

  private constructor(path: string, files: ContainerFiles, cwd: string) {
    this.path = path;
    this.#files = files;
    this.#cwd = cwd;
  }

  static async make(files: ContainerFiles, cwd: string): Promise<DockerFiles> {
    return new DockerFiles(await mkdtemp(join(tmpdir(), 'swarmlab-docker-')), files, cwd);
  }

  /** The arguments with the files of the simulated shell in place. Throws an Error with the client's own words for a missing one. */
  async place(argv: readonly string[], files: readonly FileArgument[]): Promise<string[]> {
    const placed = [...argv];
    for (const { index, prefix, path, use, optional } of files) {
      if (optional === true && !leadsAway(path) && !(await this.#isThere(path))) continue;
      const name = use === 'write' ? await this.#receive(path) : await this.#copyOf(path, use === 'compose');
      placed[index] = `${prefix}${name}`;
    }
    return placed;
  }

  /** Takes over what the client has written, and forgets the folder. */
  async finish(): Promise<void> {
    for (const { real, shown } of this.#written) await this.#takeOver(real, shown).catch(() => undefined);
    await rm(this.path, { recursive: true, force: true });
  }

  async #copyOf(path: string, compose: boolean): Promise<string> {
    const source = this.#files.resolvePath(this.#cwd, path);
    if (!(await this.#isThere(path))) throw new Error(`open ${path}: no such file or directory`);
    const name = await this.#slot(path);
    if (compose) {
      const beside = source.slice(0, source.lastIndexOf('/')) || '/';
      const text = await this.#files.readFile(source);
      const rewritten = await rewriteComposeFile(text, (other) =>
        this.#copyOf(this.#files.resolvePath(beside, other), false),
      );
      await writeFile(join(this.path, name), rewritten);
    } else await this.#copy(source, join(this.path, name));
    // Files are named from the folder in which the client runs, also where one that is not there itself names others.
    return `./${name}`;
  }

  #isThere(path: string): Promise<boolean> {
    return this.#files.exists(this.#files.resolvePath(this.#cwd, path));
  }

  async #receive(path: string): Promise<string> {
    const shown = this.#files.resolvePath(this.#cwd, path);
    const isFolder = await this.#files.stat(shown).then(
      (stat) => stat.isDirectory,
      () => false,
    );
    const name = await this.#slot(path);
    if (isFolder) await mkdir(join(this.path, name));
    this.#written.push({ real: join(this.path, name), shown });
    return `./${name}`;
  }

  /** A place of its own for every file, under the name that the student gave it. */
  async #slot(path: string): Promise<string> {
    const folder = String(this.#slots++);
    await mkdir(join(this.path, folder));
    return join(
      folder,
      basename(path)
        .replace(/[^A-Za-z0-9._-]/g, '_')
        .replace(/^\.+$/, '') || 'folder',
    );
  }

  async #copy(source: string, target: string): Promise<void> {
    if (++this.#count > ENTRIES) throw new Error('too many files');
    const stat = await this.#files.stat(source);
    if (stat.isDirectory) {
      await mkdir(target);
      for (const name of await this.#files.readdir(source)) {
        if (!name.includes('/') && name !== '..')
          await this.#copy(`${source.replace(/\/$/, '')}/${name}`, join(target, name));
      }
    } else {
      const bytes = await this.#files.readFileBuffer(source);
      this.#bytes += bytes.length;
      if (this.#bytes > BYTES) throw new Error('the files are too large');
      await writeFile(target, bytes);
    }
  }

  async #takeOver(real: string, shown: string): Promise<void> {
    const entries = await readdir(real, { withFileTypes: true }).catch(() => undefined);
    if (entries === undefined) return this.#files.writeFile(shown, await readFile(real));
    await this.#files.mkdir(shown, { recursive: true });
    for (const entry of entries) {
      if (entry.isDirectory() || entry.isFile()) await this.#takeOver(join(real, entry.name), `${shown}/${entry.name}`);
    }
  }
}
