import type { Engine } from '../../engine/engine.ts';
import { packTar } from '../../engine/tar.ts';
import type { TaskFile, TaskFiles } from './task-files.ts';

/** Puts secrets and configs into the container itself: for engines that have no file system of the node's to mount from. */
export class ArchivedFiles implements TaskFiles {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  async provide(): Promise<string[]> {
    return [];
  }

  async place(containerId: string, files: readonly TaskFile[]): Promise<void> {
    if (files.length === 0) return;
    const entries = files.map(({ target, content, mode, uid, gid }) => {
      return { type: 'file' as const, path: target.replace(/^\/+/, ''), content, mode, uid, gid };
    });
    await this.#engine.putArchive(containerId, '/', packTar(entries));
  }

  async remove(): Promise<void> {}
}
