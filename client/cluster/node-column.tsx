import type { ClusterView, NodeView, TaskView } from '../../server/workspaces/view/cluster-view.ts';
import { Icon } from '../ui/icon.tsx';
import { TaskBox } from './task-box.tsx';
import { isOver } from './task-state.ts';

/** Ended tasks of a slot that are shown beside the one that counts; all are in the table. */
const HISTORY_SHOWN = 4;

export interface NodeColumnProps {
  /** Undefined: the tasks that no node has. */
  node: NodeView | undefined;
  cluster: ClusterView;
  selected: string | undefined;
  onSelect: (task: TaskView) => void;
}

/** One node and its tasks as boxes. */
export function NodeColumn({ node, cluster, selected, onSelect }: NodeColumnProps) {
  const tasks = cluster.tasks.filter((task) => task.nodeId === (node?.id ?? ''));
  const current = tasks.filter((task) => !isOver(task));
  const over = tasks.filter(isOver);
  const running = tasks.filter((task) => task.state === 'running').length;
  const name = node?.hostname.split('.')[0] ?? 'No node';
  return (
    <li class={`node-column ${node !== undefined && node.state !== 'ready' ? 'node-column-down' : ''}`}>
      <div class="node-head">
        <span class={`node-dot node-dot-${node?.state ?? 'none'}`} aria-hidden="true" />
        <h3>{name}</h3>
        {node?.leader === true && (
          <span class="node-leader" title="leader">
            <Icon name="star" />
            <span class="visually-hidden">leader</span>
          </span>
        )}
        <span class="node-count" title={`${running} running`}>
          {running}
        </span>
      </div>
      <p class="node-facts">{node === undefined ? 'waiting for a place' : describe(node)}</p>
      <ul class="task-boxes" aria-label={`Tasks on ${name}`}>
        {current.map((task) => (
          <TaskBox key={task.id} task={task} cluster={cluster} selected={task.id === selected} onSelect={onSelect} />
        ))}
        {latest(over).map((task) => (
          <TaskBox key={task.id} task={task} cluster={cluster} selected={task.id === selected} onSelect={onSelect} />
        ))}
      </ul>
    </li>
  );
}

function describe(node: NodeView): string {
  const facts: string[] = [node.role];
  if (node.state !== 'ready') facts.push(node.state);
  if (node.availability !== 'active') facts.push(node.availability);
  return `${facts.join(' · ')} · ${node.address}`;
}

function latest(tasks: readonly TaskView[]): TaskView[] {
  const at = (task: TaskView) => task.history.at(-1)?.at ?? '';
  return [...tasks].sort((a, b) => at(b).localeCompare(at(a))).slice(0, HISTORY_SHOWN);
}
