import { chmod, chown, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TaskFile, TaskFiles } from './task-files.ts';

/**
 * Keeps secrets and configs in a folder that lies in memory and that only root enters, and mounts each as a read-only file, as
 * Swarm does: they are never on a disk and never in a layer of the container.
 */
export class MountedFiles implements TaskFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async provide(taskId: string, files: readonly TaskFile[]): Promise<string[]> {
    if (files.length === 0) return [];
    const folder = join(this.#folder, taskId);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return Promise.all(
      files.map(async (file, index) => {
        const source = join(folder, String(index));
        await writeFile(source, file.content, { mode: 0o400 });
        await chown(source, file.uid, file.gid);
        await chmod(source, file.mode);
        return `${source}:${file.target}:ro`;
      }),
    );
  }

  async place(): Promise<void> {}

  async remove(taskId: string): Promise<void> {
    await rm(join(this.#folder, taskId), { recursive: true, force: true });
  }
}
