import type { Assignments } from '../../orchestrator/dispatcher/protocol.ts';
import type { Config, Secret } from '../../orchestrator/model/objects.ts';
import type { ConfigReference, ContainerSpec, SecretReference } from '../../orchestrator/model/specs.ts';
import type { TaskFile } from './task-files.ts';

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

  /** The files that a container of this spec gets. Throws when the manager has not handed one of them over. */
  filesOf(spec: ContainerSpec): TaskFile[] {
    const secrets = (spec.Secrets ?? []).flatMap((reference) =>
      this.#file('secret', reference, this.#secrets, reference.SecretID),
    );
    const configs = (spec.Configs ?? []).flatMap((reference) =>
      this.#file('config', reference, this.#configs, reference.ConfigID),
    );
    return [...secrets, ...configs];
  }

  #file(
    kind: TaskFile['kind'],
    { File: file }: SecretReference | ConfigReference,
    objects: ReadonlyMap<string, Secret | Config>,
    id: string,
  ): TaskFile[] {
    // A config may be meant for the runtime alone (a credential spec) and then is no file.
    if (file === undefined) return [];
    const object = objects.get(id);
    if (object === undefined) throw new Error(`${kind} not found: ${id}`);
    const folder = kind === 'secret' ? `${SECRETS_FOLDER}/` : '/';
    return [
      {
        kind,
        target: file.Name.startsWith('/') ? file.Name : folder + file.Name,
        content: Buffer.from(object.Spec.Data ?? '', 'base64'),
        uid: Number(file.UID) || 0,
        gid: Number(file.GID) || 0,
        mode: file.Mode & 0o7777,
      },
    ];
  }
}
