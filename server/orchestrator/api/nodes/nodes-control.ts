import { isMember, type Node } from '../../model/objects.ts';
import type { Availability, NodeRole, NodeSpec } from '../../model/specs.ts';
import { TASK_STATES } from '../../model/task-state.ts';
import type { WriteTransaction } from '../../store/store.ts';
import type { ApiObject, ListQuery, NodesApi, VersionQuery } from '../control-api.ts';
import { type ControlContext, clusterOf, write } from '../control-context.ts';
import { ControlError } from '../control-error.ts';
import { Filters } from '../filters.ts';
import { parseVersion } from '../numbers.ts';
import { decode } from '../request/go-json.ts';
import { nodeSpecRequest } from '../request/node-spec.ts';
import { resolveNode } from '../resolve.ts';
import { nodeView } from '../views/node-view.ts';

const FILTERS = ['name', 'id', 'label', 'node.label', 'role', 'membership'];
const ROLES: readonly NodeRole[] = ['worker', 'manager'];
const AVAILABILITIES: readonly Availability[] = ['active', 'pause', 'drain'];

/** /nodes of the Engine API. */
export class NodesControl implements NodesApi {
  readonly #context: ControlContext;

  constructor(context: ControlContext) {
    this.#context = context;
  }

  list(query: ListQuery = {}): ApiObject[] {
    const { store } = this.#context;
    const filters = Filters.parse(query.filters, FILTERS);
    const roles = filters.words('role').map(parseRoleFilter);
    const memberships = filters.words('membership').map(parseMembershipFilter);
    const cluster = clusterOf(store);
    return [...store.nodes.all()]
      .filter(
        (node) =>
          matches(node, filters) &&
          (roles.length === 0 || roles.includes(node.Spec.Role)) &&
          (memberships.length === 0 || memberships.includes(node.isPending ? 'pending' : 'accepted')),
      )
      .sort((a, b) => (a.ID < b.ID ? -1 : 1))
      .map((node) => nodeView(node, cluster));
  }

  get(id: string): ApiObject {
    const { store } = this.#context;
    return nodeView(resolveNode(store, id), clusterOf(store));
  }

  async update(id: string, body: unknown, query: VersionQuery): Promise<void> {
    const { store, managers } = this.#context;
    const request = decode(nodeSpecRequest, body);
    const version = parseVersion('node', query.version);
    const spec = normaliseNodeSpec(request);
    const { ID } = resolveNode(store, id);
    await write(store, (transaction) => {
      const node = transaction.nodes.get(ID);
      if (node === undefined) throw ControlError.rpc('NotFound', `node ${ID} not found`);
      if (node.Spec.Role === 'manager' && spec.Role === 'worker') managers.refuseDemotion(transaction, node);
      transaction.update('nodes', { ...node, Spec: spec, isPending: true }, version);
    });
  }

  async remove(id: string, options: { force?: boolean } = {}): Promise<void> {
    const { store, clock } = this.#context;
    const { ID } = resolveNode(store, id);
    await write(store, (transaction) => {
      const node = transaction.nodes.get(ID);
      if (node === undefined) throw ControlError.rpc('NotFound', `node ${ID} not found`);
      if (isMember(node))
        throw ControlError.rpc(
          'FailedPrecondition',
          `node ${ID} is a cluster manager and is a member of the raft cluster. It must be demoted to worker before removal`,
        );
      if (!options.force && node.Status.State === 'ready')
        throw ControlError.rpc('FailedPrecondition', `node ${ID} is not down and can't be removed`);
      orphanTasks(transaction, ID, clock.timestamp());
      transaction.remove('nodes', ID);
    });
  }
}

function matches(node: Node, filters: Filters): boolean {
  const hostname = node.Description?.Hostname ?? '';
  return (
    filters.any('name', (prefix) => hostname.startsWith(prefix)) &&
    filters.any('id', (prefix) => node.ID.startsWith(prefix)) &&
    filters.labels('label', node.Description?.Engine.Labels ?? {}) &&
    filters.labels('node.label', node.Spec.Labels)
  );
}

function normaliseNodeSpec(request: {
  Name?: string | undefined;
  Labels?: Record<string, string> | undefined;
  Role?: string | undefined;
  Availability?: string | undefined;
}): NodeSpec {
  const role = ROLES.find((known) => known === request.Role?.toLowerCase());
  if (role === undefined) throw new ControlError(400, `invalid Role: ${JSON.stringify(request.Role ?? '')}`);
  return {
    ...(request.Name ? { Name: request.Name } : {}),
    Labels: request.Labels ?? {},
    Role: role,
    Availability: parseAvailability(request.Availability),
  };
}

/** Throws 400 for anything but active, pause and drain. */
export function parseAvailability(text: string | undefined): Availability {
  const availability = AVAILABILITIES.find((known) => known === text?.toLowerCase());
  if (availability === undefined) throw new ControlError(400, `invalid Availability: ${JSON.stringify(text ?? '')}`);
  return availability;
}

function parseRoleFilter(text: string): NodeRole {
  const role = ROLES.find((known) => known === text.toLowerCase());
  if (role === undefined) throw new ControlError(500, `Invalid role filter: '${text}'`);
  return role;
}

function parseMembershipFilter(text: string): 'accepted' | 'pending' {
  const membership = (['accepted', 'pending'] as const).find((known) => known === text.toLowerCase());
  if (membership !== undefined) return membership;
  throw new ControlError(500, `Invalid membership filter: '${text}'`);
}

/** Nothing will be heard any more of tasks that were on their way or running on a node that is removed. */
function orphanTasks(transaction: WriteTransaction, nodeId: string, timestamp: string): void {
  for (const task of transaction.tasksOfNode(nodeId)) {
    const { State } = task.Status;
    if (TASK_STATES[State] < TASK_STATES.assigned || TASK_STATES[State] > TASK_STATES.running) continue;
    transaction.update('tasks', {
      ...task,
      Status: {
        ...task.Status,
        Timestamp: timestamp,
        State: 'orphaned',
        Message: 'Task belonged to a node that has been deleted',
      },
    });
  }
}
