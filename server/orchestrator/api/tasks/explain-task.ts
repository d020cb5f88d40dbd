import type { Task } from '../../model/objects.ts';
import { isTerminal } from '../../model/task-state.ts';
import { slotKey } from '../../store/store.ts';
import type { ControlContext } from '../control-context.ts';
import type { NodeVerdict, TaskExplanation } from '../explain.ts';
import { taskName } from '../task-name.ts';

/** Why a task is where it is, or what it waits for: from its own status, the scheduler's view of the nodes and its slot's past. */
export function explainTask(context: ControlContext, task: Task): TaskExplanation {
  const { store } = context;
  const nodes = context.verdicts(task.ID);
  const node = task.NodeID === undefined ? undefined : store.nodes.get(task.NodeID);
  const earlier = task.ServiceID === '' ? [] : store.tasksOfSlot(slotKey(task)).filter((other) => other.ID !== task.ID);
  return {
    taskId: task.ID,
    name: taskName(task),
    state: task.Status.State,
    desiredState: task.DesiredState,
    nodeId: task.NodeID,
    summary: summarise(context, task, node?.Description?.Hostname ?? task.NodeID, nodes),
    way: context.way(task),
    nodes,
    history: earlier
      .sort((a, b) => (a.CreatedAt < b.CreatedAt ? 1 : -1))
      .map(({ ID, Status, NodeID }) => ({
        taskId: ID,
        state: Status.State,
        nodeId: NodeID,
        message: Status.Message,
        error: Status.Err,
      })),
    restarts: context.restarts(task.ID),
  };
}

function summarise(
  { store }: ControlContext,
  task: Task,
  hostname: string | undefined,
  nodes: readonly NodeVerdict[],
): string {
  const { State: state, Err: error, Message: message } = task.Status;
  const because = error ? `: ${error}` : '';
  if (state === 'new') return `It waits for its networks, ports and addresses${waitingFor(task, store)}.`;
  if (state === 'pending') {
    const fitting = nodes.filter((node) => node.refusedBy === undefined).length;
    return fitting > 0
      ? `It waits to be placed; ${fitting} of ${nodes.length} nodes could take it.`
      : `No node can take it${because}.`;
  }
  if (isTerminal(state)) return `It ended on ${hostname ?? 'no node'} as ${state} after "${message}"${because}.`;
  if (task.DesiredState === 'ready' && state === 'ready')
    return `It is prepared on ${hostname} and waits for its turn: for a restart delay to pass, or its predecessor to stop.`;
  if (state === 'running') return `It runs on ${hostname}.`;
  return `It was placed on ${hostname} and is there at "${message}"${because}.`;
}

function waitingFor(task: Task, store: ControlContext['store']): string {
  const missing = (task.Spec.Networks ?? []).filter(({ Target }) => {
    const network = store.networks.get(Target);
    return network?.Spec.Driver === 'overlay' && network.allocation === undefined;
  });
  const names = missing.map(({ Target }) => store.networks.get(Target)?.Spec.Name ?? Target);
  return names.length === 0 ? '' : `; the network ${names.join(', ')} could not be allocated`;
}
