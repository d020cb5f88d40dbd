import type { ObjectKind, ObjectKinds } from '../model/objects.ts';
import type { SavedChange } from './persistence-messages.ts';
import type { StoreEvent } from './store.ts';
import type { TaskTemplate, TaskTemplates } from './task-templates.ts';

/** What has changed in a swarm and is not on its way to the database yet: of several changes of one object only the last one counts. */
export class PendingChanges {
  readonly #templates: TaskTemplates;
  readonly #objects = new Map<string, { kind: ObjectKind; id: string; object?: ObjectKinds[ObjectKind] }>();
  #version = 0;

  constructor(templates: TaskTemplates) {
    this.#templates = templates;
  }

  /** `version` is the store's counter after the transaction. */
  add(version: number, events: readonly StoreEvent[]): void {
    this.#version = version;
    for (const { kind, action, object } of events)
      this.#objects.set(`${kind}/${object.ID}`, {
        ...{ kind, id: object.ID },
        ...(action === 'remove' ? {} : { object }),
      });
  }

  /** All of it, encoded; nothing is pending afterwards. */
  take(): { version: number; changes: SavedChange[]; templates: TaskTemplate[] } {
    const templates = new Map<string, TaskTemplate>();
    const changes = [...this.#objects.values()].map(({ kind, id, object }): SavedChange => {
      if (object === undefined) return { kind, id };
      if (kind !== 'tasks') return { kind, id, data: JSON.stringify(object) };
      const { template, own } = this.#templates.split(object as ObjectKinds['tasks']);
      templates.set(template.hash, template);
      return { kind, id, data: own, template: template.hash };
    });
    this.#objects.clear();
    return { version: this.#version, changes, templates: [...templates.values()] };
  }
}
