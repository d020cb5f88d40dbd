import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { taskStatus } from '../../orchestrator/dispatcher/agent-message.ts';
import type { TaskStatus } from '../../orchestrator/model/objects.ts';

/** Remembers the statuses of a node's tasks, so that what an agent knew and could not tell survives it. */
export interface TaskJournal {
  load(): Promise<Map<string, TaskStatus>>;
  save(taskId: string, status: TaskStatus): void;
  remove(taskId: string): void;
}

/** Remembers nothing: for a node that ends with its agent. */
export const NO_JOURNAL: TaskJournal = {
  load: async () => new Map(),
  save: () => {},
  remove: () => {},
};

const record = z.object({ status: taskStatus });

/** One small file a task. Writes of one task follow each other; a write that fails costs only what an agent's death would lose. */
export class FileTaskJournal implements TaskJournal {
  readonly #folder: string;
  readonly #log: (message: string) => void;
  readonly #busy = new Map<string, Promise<void>>();

  constructor(folder: string, log: (message: string) => void) {
    this.#folder = folder;
    this.#log = log;
  }

  async load(): Promise<Map<string, TaskStatus>> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const statuses = new Map<string, TaskStatus>();
    for (const name of await readdir(this.#folder)) {
      const taskId = /^([0-9a-z]+)\.json$/.exec(name)?.[1];
      if (taskId === undefined) continue;
      try {
        const text = await readFile(join(this.#folder, name), 'utf8');
        statuses.set(taskId, record.parse(JSON.parse(text)).status);
      } catch (error) {
        this.#log(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    return statuses;
  }

  save(taskId: string, status: TaskStatus): void {
    this.#queue(taskId, async () => {
      const path = this.#path(taskId);
      await writeFile(`${path}.new`, JSON.stringify({ status }), { mode: 0o600 });
      await rename(`${path}.new`, path);
    });
  }

  remove(taskId: string): void {
    this.#queue(taskId, () => rm(this.#path(taskId), { force: true }));
  }

  /** Resolves when everything asked for until now is on the disk. */
  async flushed(): Promise<void> {
    await Promise.all(this.#busy.values());
  }

  #path(taskId: string): string {
    return join(this.#folder, `${taskId}.json`);
  }

  #queue(taskId: string, work: () => Promise<void>): void {
    const done = (this.#busy.get(taskId) ?? Promise.resolve()).then(work).catch((error: unknown) => {
      this.#log(`task ${taskId}: ${error instanceof Error ? error.message : String(error)}`);
    });
    this.#busy.set(taskId, done);
    void done.then(() => {
      if (this.#busy.get(taskId) === done) this.#busy.delete(taskId);
    });
  }
}
