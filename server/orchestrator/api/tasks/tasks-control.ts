import type { Network, Task } from '../../model/objects.ts';
import { TASK_STATES, type TaskState } from '../../model/task-state.ts';
import { isTaskDirty } from '../../services/task-dirty.ts';
import type { Store } from '../../store/store.ts';
import type { ApiObject, ListQuery, LogStream, LogsQuery, TasksApi } from '../control-api.ts';
import type { ControlContext } from '../control-context.ts';
import { ControlError } from '../control-error.ts';
import type { TaskExplanation } from '../explain.ts';
import { Filters } from '../filters.ts';
import { openLogs } from '../logs.ts';
import { resolveNode, resolveService, resolveTask } from '../resolve.ts';
import { taskName } from '../task-name.ts';
import { taskView } from '../views/task-view.ts';
import { explainTask } from './explain-task.ts';

const FILTERS = ['name', 'id', 'label', 'service', 'node', 'desired-state', '_up-to-date', 'runtime'];

/** /tasks of the Engine API. */
export class TasksControl implements TasksApi {
  readonly #context: ControlContext;

  constructor(context: ControlContext) {
    this.#context = context;
  }

  list(query: ListQuery = {}): ApiObject[] {
    const { store } = this.#context;
    const filters = Filters.parse(query.filters, FILTERS);
    const wanted = wantedTasks(store, filters);
    const networkOf = (id: string): Network | undefined => store.networks.get(id);
    return wanted.sort((a, b) => (a.ID < b.ID ? -1 : 1)).map((task) => taskView(task, networkOf));
  }

  get(id: string): ApiObject {
    const { store } = this.#context;
    return taskView(resolveTask(store, id), (network) => store.networks.get(network));
  }

  logs(id: string, query: LogsQuery, signal: AbortSignal): LogStream {
    const task = resolveTask(this.#context.store, id);
    return openLogs(this.#context, { serviceIds: [], taskIds: [task.ID] }, task.Spec, query, signal);
  }

  explain(id: string): TaskExplanation {
    return explainTask(this.#context, resolveTask(this.#context.store, id));
  }
}

/** Starts from the tasks of the wanted services or nodes, so that a list of one service does not look at all tasks there are. */
function wantedTasks(store: Store, filters: Filters): Task[] {
  const services = new Set(filters.values('service').map((name) => resolveService(store, name).ID));
  const nodes = new Set(filters.values('node').map((name) => resolveNode(store, name).ID));
  const states = new Set(filters.words('desired-state').map(parseState));
  const candidates =
    services.size > 0
      ? [...services].flatMap((id) => store.tasksOfService(id))
      : nodes.size > 0
        ? [...nodes].flatMap((id) => store.tasksOfNode(id))
        : [...store.tasks.all()];
  return candidates.filter(
    (task) =>
      (nodes.size === 0 || (task.NodeID !== undefined && nodes.has(task.NodeID))) &&
      (states.size === 0 || states.has(task.DesiredState)) &&
      filters.any('id', (prefix) => task.ID.startsWith(prefix)) &&
      filters.any('name', (prefix) => taskName(task).startsWith(prefix)) &&
      filters.labels('label', task.serviceLabels) &&
      hasRuntime(task, filters) &&
      (!filters.has('_up-to-date') || isUpToDate(store, task)),
  );
}

function parseState(text: string): TaskState {
  const state = text.toLowerCase();
  if (Object.hasOwn(TASK_STATES, state)) return state as TaskState;
  throw new ControlError(500, `Invalid desired-state filter: '${text}'`);
}

/** Tasks that stand for plain containers on an attachable network are only shown to those who ask for them. */
function hasRuntime(task: Task, filters: Filters): boolean {
  const runtime = task.Spec.NetworkAttachmentSpec === undefined ? 'container' : 'attachment';
  const wanted = filters.values('runtime');
  return wanted.length === 0 ? runtime === 'container' : wanted.some((value) => (value || 'container') === runtime);
}

/** The filter's value does not matter to Swarm, only that it is there. */
function isUpToDate(store: Store, task: Task): boolean {
  const service = store.services.get(task.ServiceID);
  const node = task.NodeID === undefined ? undefined : store.nodes.get(task.NodeID);
  return service !== undefined && !isTaskDirty(service, task, node);
}
