import { computed, signal } from '@preact/signals';
import { type FileListing, filePath, MAX_FILE_BYTES, NEW_FILE } from '../../server/files/protocol.ts';
import { ApiError } from '../api/api-error.ts';
import { announce } from '../state/announcer.ts';
import { showNotice, showProblem } from '../state/notice.ts';
import type { FilesApi } from './files-api.ts';
import { OpenFile } from './open-file.ts';

/** The home folder of one node as the page knows it, and the files of it that are open. */
export class NodeFiles {
  readonly node: string;
  readonly api: FilesApi;
  readonly listing = signal<FileListing | undefined>(undefined);
  /** Why there is no listing. */
  readonly problem = signal<ApiError | undefined>(undefined);
  readonly opened = signal<ReadonlyMap<string, OpenFile>>(new Map());
  /** The path of the file on show. */
  readonly shown = signal<string | undefined>(undefined);
  readonly file = computed(() => this.opened.value.get(this.shown.value ?? ''));
  readonly dirty = computed(() => [...this.opened.value.values()].some((file) => file.dirty.value));

  constructor(node: string, api: FilesApi) {
    this.node = node;
    this.api = api;
  }

  /** Looks again at what is there, and follows what was changed on the node. */
  async refresh(): Promise<void> {
    try {
      this.listing.value = await this.api.list();
      this.problem.value = undefined;
      await this.file.peek()?.follow();
    } catch (error) {
      if (error instanceof ApiError) this.problem.value = error;
    }
  }

  /** Shows a file. */
  async open(path: string): Promise<void> {
    this.shown.value = path;
    const known = this.opened.peek().get(path);
    if (known !== undefined && known.phase.peek() !== 'failed') return known.follow().catch(() => undefined);
    const file = new OpenFile(path, this.api);
    this.opened.value = new Map(this.opened.peek()).set(path, file);
    await file.load();
  }

  async save(file: OpenFile, force = false): Promise<void> {
    try {
      await file.save(force);
      if (!file.conflict.peek()) announce(`Saved ${file.path}.`);
      await this.refresh();
    } catch (error) {
      showProblem(error);
    }
  }

  /** Makes an empty file and shows it; gives why it could not. */
  createFile(path: string): Promise<string | undefined> {
    return this.#change(path, async () => {
      await this.api.write(path, new Blob([]), NEW_FILE);
      await this.refresh();
      await this.open(path);
    });
  }

  createFolder(path: string): Promise<string | undefined> {
    return this.#change(path, async () => {
      await this.api.makeFolder(path);
      await this.refresh();
    });
  }

  move(from: string, to: string): Promise<string | undefined> {
    return this.#change(to, async () => {
      await this.api.move(from, to);
      const wasShown = this.shown.peek() === from;
      this.#forget(from);
      await this.refresh();
      if (wasShown) await this.open(to);
    });
  }

  async remove(path: string): Promise<void> {
    try {
      await this.api.remove(path);
      this.#forget(path);
      announce(`Removed ${path}.`);
    } catch (error) {
      showProblem(error);
    }
    await this.refresh();
  }

  /** Puts files of the student's own machine into a folder (`` is the home). `replace` is asked for each that is there already. */
  async upload(files: readonly File[], folder: string, replace: (path: string) => Promise<boolean>): Promise<void> {
    const done: string[] = [];
    for (const file of files) {
      const path = folder === '' ? file.name : `${folder}/${file.name}`;
      try {
        if (await this.#uploadOne(path, file, replace)) done.push(path);
      } catch (error) {
        showProblem(error);
        break;
      }
    }
    await this.refresh();
    if (done.length === 0) return;
    const words = done.length === 1 ? `Uploaded ${done[0]}.` : `Uploaded ${done.length} files.`;
    showNotice({ text: words, tone: 'plain' });
  }

  async #uploadOne(path: string, file: File, replace: (path: string) => Promise<boolean>): Promise<boolean> {
    if (file.size > MAX_FILE_BYTES) {
      throw new ApiError('SL_FILE_TOO_LARGE', `${file.name} has more than ${MAX_FILE_BYTES / 1024 / 1024} MiB.`);
    }
    try {
      await this.api.write(path, file, NEW_FILE);
      return true;
    } catch (error) {
      if (!(error instanceof ApiError && error.code === 'SL_FILE_EXISTS')) throw error;
    }
    if (!(await replace(path))) return false;
    await this.api.write(path, file, undefined);
    await this.opened.peek().get(path)?.load();
    return true;
  }

  async #change(path: string, change: () => Promise<void>): Promise<string | undefined> {
    const checked = filePath.safeParse(path);
    if (!checked.success) return checked.error.issues[0]?.message ?? 'That is no name.';
    try {
      await change();
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  /** Closes a file, or everything that is open in a folder. */
  #forget(path: string): void {
    const kept = [...this.opened.peek()].filter(([other]) => other !== path && !other.startsWith(`${path}/`));
    this.opened.value = new Map(kept);
    if (!this.opened.peek().has(this.shown.peek() ?? '')) this.shown.value = undefined;
  }
}
