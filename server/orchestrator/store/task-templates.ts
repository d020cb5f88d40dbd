import { createHash } from 'node:crypto';
import type { Task } from '../model/objects.ts';
import type { TaskSpec } from '../model/specs.ts';

/** What all tasks of one version of a service have in common, kept once and referred to by its hash. */
export interface TaskTemplate {
  readonly hash: string;
  /** JSON. */
  readonly text: string;
}

interface Known extends Pick<Task, 'serviceName' | 'serviceLabels' | 'endpoint' | 'logDriver'> {
  readonly template: TaskTemplate;
}

/**
 * Splits tasks into what is their own and what they share, so that ten thousand tasks do not store one spec ten thousand times. Tasks of
 * one version of a service hold the very same objects, by which their template is found again without looking into it.
 */
export class TaskTemplates {
  readonly #known = new WeakMap<TaskSpec, Known[]>();

  /** The task's template, and the rest of the task as JSON. */
  split(task: Task): { template: TaskTemplate; own: string } {
    const { Spec, serviceName, serviceLabels, endpoint, logDriver, ...own } = task;
    return {
      template: this.#template({ Spec, serviceName, serviceLabels, endpoint, logDriver }),
      own: JSON.stringify(own),
    };
  }

  #template(shared: Pick<Task, 'Spec' | 'serviceName' | 'serviceLabels'> & Partial<Task>): TaskTemplate {
    const { Spec, serviceName, serviceLabels, endpoint, logDriver } = shared;
    const known = this.#known.get(Spec) ?? [];
    const found = known.find(
      (other) =>
        other.serviceLabels === serviceLabels &&
        other.endpoint === endpoint &&
        other.logDriver === logDriver &&
        other.serviceName === serviceName,
    );
    if (found !== undefined) return found.template;
    const text = JSON.stringify(shared);
    const template = { hash: createHash('sha256').update(text).digest('base64url'), text };
    const optional = { ...(endpoint && { endpoint }), ...(logDriver && { logDriver }) };
    this.#known.set(Spec, [...known, { serviceName, serviceLabels, ...optional, template }]);
    return template;
  }
}
