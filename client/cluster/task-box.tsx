import type { ClusterView, TaskView } from '../../server/workspaces/view/cluster-view.ts';
import { hueOf } from './service-hue.ts';
import { isEnding, isOver, toneOf } from './task-state.ts';

export interface TaskBoxProps {
  task: TaskView;
  cluster: ClusterView;
  selected: boolean;
  onSelect: (task: TaskView) => void;
}

/** A task as a box: the stripe is its service's, the rest says its state. */
export function TaskBox({ task, cluster, selected, onSelect }: TaskBoxProps) {
  const ending = isEnding(task);
  const words = `${task.name}: ${task.state}${ending ? `, to be ${task.desired}` : ''}${task.error ? `, ${task.error}` : ''}`;
  return (
    <li>
      <button
        type="button"
        class={`task-box task-${toneOf(task)} ${isOver(task) ? 'task-over' : ''} ${ending ? 'task-ending' : ''}`}
        style={{ '--service': hueOf(task.serviceId, cluster) }}
        aria-pressed={selected}
        aria-label={words}
        title={words}
        onClick={() => onSelect(task)}
      >
        {shortName(task, cluster)}
      </button>
    </li>
  );
}

/** With several services the box names its own; with one the number says all. */
function shortName(task: TaskView, cluster: ClusterView): string {
  if (task.slot === 0) return task.name.split('.')[0] ?? task.name;
  return cluster.services.length > 1 || cluster.tasks.length < 24 ? task.name : `.${task.slot}`;
}
