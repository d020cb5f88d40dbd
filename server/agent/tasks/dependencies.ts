import type { Assignments } from '../../orchestrator/dispatcher/protocol.ts';
import type { Config, Secret, Task } from '../../orchestrator/model/objects.ts';
import type { ConfigReference, SecretReference } from '../../orchestrator/model/specs.ts';
import type { TaskFile } from './task-files.ts';
import { expandData } from './templated-data.ts';

const SECRETS_FOLDER = '/run/secrets';

/** The secrets and configs that the manager has handed to this node, for as long as a task here needs them. In memory only. */
export class Dependencies {
  readonly #secrets = new Map<string, Secret>();
  readonly #configs = new Map<string, Config>();

  /** Takes a change; a complete one replaces everything. */
  apply(changes: Assignments, mode: 'complete' | 'incremental'): void {
    if (mode === 'complete') {
      this.#secrets.clear();
      this.#configs.clear();
    }
    for (const secret of changes.secrets) this.#secrets.set(secret.ID, secret);
    for (const config of changes.configs) this.#configs.set(config.ID, config);
    for (const id of changes.removedSecrets) this.#secrets.delete(id);
    for (const id of changes.removedConfigs) this.#configs.delete(id);
  }

  clear(): void {
    this.#secrets.clear();
    this.#configs.clear();
  }

  /**
   * The files that the task's container gets, and why it cannot be started where a template among them cannot be expanded. Throws when
   * the manager has not handed one of them over.
   */
  filesOf(task: Task, nodeId: string): { files: TaskFile[]; failure?: string } {
    const { Secrets = [], Configs = [] } = task.Spec.ContainerSpec ?? {};
    const wanted = [
      ...Secrets.map((reference) => ({ kind: 'secret' as const, reference, id: reference.SecretID })),
      ...Configs.map((reference) => ({ kind: 'config' as const, reference, id: reference.ConfigID })),
    ];
    const files: TaskFile[] = [];
    for (const { kind, reference, id } of wanted) {
      // A config may be meant for the runtime alone (a credential spec) and then is no file.
      if (reference.File === undefined) continue;
      const object = (kind === 'secret' ? this.#secrets : this.#configs).get(id);
      if (object === undefined) throw new Error(`${kind} not found: ${id}`);
      try {
        files.push(fileOf(kind, reference, this.#dataOf(object, task, nodeId)));
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        const failure = `unable to get ${kind} from ${kind} store: failed to expand templated ${kind} ${id}: ${reason}`;
        return { files, failure };
      }
    }
    return { files };
  }

  #dataOf(object: Secret | Config, task: Task, nodeId: string): Uint8Array {
    const sources = { secret: (id: string) => this.#secrets.get(id), config: (id: string) => this.#configs.get(id) };
    return expandData(object, task, nodeId, sources);
  }
}

function fileOf(
  kind: TaskFile['kind'],
  { File: file }: SecretReference | ConfigReference,
  content: Uint8Array,
): TaskFile {
  const name = file?.Name ?? '';
  const folder = kind === 'secret' ? `${SECRETS_FOLDER}/` : '/';
  return {
    kind,
    target: name.startsWith('/') ? name : folder + name,
    content,
    uid: Number(file?.UID) || 0,
    gid: Number(file?.GID) || 0,
    mode: (file?.Mode ?? 0) & 0o7777,
  };
}
