import type { ClusterView, TaskView } from '../../server/workspaces/view/cluster-view.ts';
import { Icon } from '../ui/icon.tsx';
import { toneOf, wayOf } from './task-state.ts';
import './task-detail.css';

/** A task's way through its states. */
export function TaskDetail(props: { task: TaskView; cluster: ClusterView; onClose: () => void }) {
  const { task, cluster } = props;
  const node = cluster.nodes.find((candidate) => candidate.id === task.nodeId);
  return (
    <section class="task-detail" aria-label={`Task ${task.name}`}>
      <header>
        <h3>{task.name}</h3>
        <p>
          <code>{task.id.slice(0, 12)}</code> · {task.image} · {node?.hostname ?? 'no node'} · to be {task.desired}
        </p>
        <button type="button" class="quiet" aria-label="Close task" onClick={props.onClose}>
          <Icon name="cross" />
        </button>
      </header>
      <ol class="task-way">
        {wayOf(task).map(({ state, at, reached }) => (
          <li
            key={state}
            class={`${reached ? `task-stop-reached task-${toneOf({ state })}` : ''} ${state === task.state ? 'task-stop-now' : ''}`}
            aria-current={state === task.state ? 'step' : undefined}
          >
            <span class="task-stop-mark" aria-hidden="true" />
            <span class="task-stop-name">{state}</span>
            <span class="task-stop-time">{at === undefined ? (reached ? 'passed' : '') : clockTime(at)}</span>
          </li>
        ))}
      </ol>
      {(task.error !== '' || task.message !== '') && (
        <p class={task.error === '' ? 'task-message' : 'task-message task-error'}>{task.error || task.message}</p>
      )}
    </section>
  );
}

/** `12:34:56.789` of a timestamp, in the reader's time. */
function clockTime(timestamp: string): string {
  const date = new Date(timestamp);
  if (Number.isNaN(date.getTime())) return '';
  const two = (number: number) => String(number).padStart(2, '0');
  const seconds = `${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`;
  return `${two(date.getHours())}:${two(date.getMinutes())}:${seconds}`;
}
