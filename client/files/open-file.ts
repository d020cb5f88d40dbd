import { computed, signal } from '@preact/signals';
import { ApiError } from '../api/api-error.ts';
import type { FilesApi } from './files-api.ts';

/** Text beyond this is for an editor on the node. */
const MAX_TEXT_BYTES = 1024 * 1024;

export type FilePhase = 'loading' | 'text' | 'binary' | 'large' | 'failed';

/** A file that is open in the page: what it held when it was read, and what the student has made of it since. */
export class OpenFile {
  readonly path: string;
  readonly phase = signal<FilePhase>('loading');
  readonly problem = signal('');
  readonly text = signal('');
  readonly saving = signal(false);
  /** It was changed on the node since: saving would write over that. */
  readonly conflict = signal(false);
  readonly dirty = computed(() => this.phase.value === 'text' && this.text.value !== this.#saved.value);
  readonly #api: FilesApi;
  readonly #saved = signal('');
  #version = '';

  constructor(path: string, api: FilesApi) {
    this.path = path;
    this.#api = api;
  }

  /** Reads it (again); what was not saved is lost. */
  async load(): Promise<void> {
    try {
      const { version, bytes } = await this.#api.read(this.path);
      this.conflict.value = false;
      if (version === this.#version && this.phase.peek() === 'text') {
        this.text.value = this.#saved.peek();
        return;
      }
      this.#version = version;
      const text = bytes.length > MAX_TEXT_BYTES ? undefined : asText(bytes);
      this.#saved.value = this.text.value = text ?? '';
      this.phase.value = text !== undefined ? 'text' : bytes.length > MAX_TEXT_BYTES ? 'large' : 'binary';
    } catch (error) {
      this.phase.value = 'failed';
      this.problem.value = error instanceof Error ? error.message : String(error);
    }
  }

  /** Follows a change on the node, unless there is something here that it would take away. */
  async follow(): Promise<void> {
    if (this.dirty.peek() || this.saving.peek() || this.phase.peek() === 'loading') return;
    const { version } = await this.#api.read(this.path);
    if (version !== this.#version && !this.dirty.peek() && !this.saving.peek()) await this.load();
  }

  /** Writes it to the node; with `force` also over what was changed there. Rejects with ApiError, but for a conflict, which it shows. */
  async save(force = false): Promise<void> {
    if (this.saving.peek() || this.phase.peek() !== 'text') return;
    this.saving.value = true;
    const text = this.text.peek();
    try {
      this.#version = await this.#api.write(this.path, new Blob([text]), force ? undefined : this.#version);
      this.#saved.value = text;
      this.conflict.value = false;
    } catch (error) {
      if (!(error instanceof ApiError && error.code === 'SL_FILE_CHANGED')) throw error;
      this.conflict.value = true;
    } finally {
      this.saving.value = false;
    }
  }
}

/** The bytes as text; undefined when they are none. */
function asText(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}
