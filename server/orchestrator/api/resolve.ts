import type { Config, Network, Node, Secret, Service, Stored, Task } from '../model/objects.ts';
import type { ReadView } from '../store/store.ts';
import type { Table } from '../store/table.ts';
import { ControlError } from './control-error.ts';
import { taskName } from './task-name.ts';

/**
 * Finds the object that a user means: by its full ID, else by its name, else by the beginning of its ID. Throws 404, or 400 when
 * several objects are meant.
 */
function resolve<T extends Stored>(
  kind: string,
  table: Table<T>,
  input: string,
  nameMatches: (object: T) => boolean,
): T {
  const exact = table.get(input);
  if (exact !== undefined) return exact;
  for (const matches of [nameMatches, (object: T) => object.ID.startsWith(input)]) {
    const found = [...table.all()].filter(matches);
    if (found.length > 1) throw new ControlError(400, `${kind} ${input} is ambiguous (${found.length} matches found)`);
    if (found[0] !== undefined) return found[0];
  }
  throw new ControlError(404, `${kind} ${input} not found`);
}

/** A service by ID, name or the beginning of its ID. */
export function resolveService(view: ReadView, input: string): Service {
  return resolve('service', view.services, input, named(input));
}

/** A task by ID, name (`web.1.ID`) or the beginning of its ID. */
export function resolveTask(view: ReadView, input: string): Task {
  return resolve('task', view.tasks, input, (task) => taskName(task) === input);
}

/** A node by ID, host name or the beginning of its ID. */
export function resolveNode(view: ReadView, input: string): Node {
  return resolve('node', view.nodes, input, (node) => node.Description?.Hostname === input);
}

/** A secret by ID, name or the beginning of its ID. */
export function resolveSecret(view: ReadView, input: string): Secret {
  return resolve('secret', view.secrets, input, named(input));
}

/** A config by ID, name or the beginning of its ID. */
export function resolveConfig(view: ReadView, input: string): Config {
  return resolve('config', view.configs, input, named(input));
}

/** A network that the manager knows, predefined ones included. */
export function resolveNetwork(view: ReadView, input: string): Network {
  return resolve('network', view.networks, input, named(input));
}

function named(name: string): (object: { Spec: { Name: string } }) => boolean {
  return (object) => object.Spec.Name === name;
}
