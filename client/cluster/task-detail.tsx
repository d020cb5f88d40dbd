import type { ExplainedTask } from '../../server/clusters/host/task-explanation.ts';
import type { ClusterView, TaskView } from '../../server/workspaces/view/cluster-view.ts';
import type { WorkspaceApi } from '../api/workspace-api.ts';
import { Icon } from '../ui/icon.tsx';
import { useExplanation } from './explained-task.ts';
import { toneOf, wayOf } from './task-state.ts';
import './task-detail.css';

export interface TaskDetailProps {
  api: WorkspaceApi;
  task: TaskView;
  cluster: ClusterView;
  onClose: () => void;
}

/** A task: why it is where it is, its way through its states, how the nodes stood, and what was before it in its place. */
export function TaskDetail({ api, task, cluster, onClose }: TaskDetailProps) {
  const explained = useExplanation(api, task);
  const node = cluster.nodes.find((candidate) => candidate.id === task.nodeId);
  return (
    <section
      class="task-detail"
      aria-label={`Task ${task.name}`}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
      }}
    >
      <header>
        <h3>{task.name}</h3>
        <p>
          <code>{task.id.slice(0, 12)}</code> · {task.image} · {node?.hostname ?? 'no node'} · to be {task.desired}
        </p>
        <button type="button" class="quiet" aria-label="Close task" title="Esc" onClick={onClose}>
          <Icon name="cross" />
        </button>
      </header>
      {explained !== undefined && <p class="task-summary">{explained.summary}</p>}
      <TaskWay task={task} explained={explained} />
      {(task.error !== '' || task.message !== '') && (
        <p class={task.error === '' ? 'task-message' : 'task-message task-error'}>{task.error || task.message}</p>
      )}
      {explained !== undefined && <Reasons explained={explained} cluster={cluster} />}
    </section>
  );
}

/** The states one after the other. The orchestrator knows the time of each; without it, those that the live view has seen. */
function TaskWay({ task, explained }: { task: TaskView; explained: ExplainedTask | undefined }) {
  const history = explained === undefined ? task.history : merge(explained.way, task.history);
  return (
    <ol class="task-way" aria-label="Its way">
      {wayOf({ ...task, history }).map(({ state, at, reached }) => (
        <li
          key={state}
          class={`${reached ? `task-stop-reached task-${toneOf({ state })}` : ''} ${state === task.state ? 'task-stop-now' : ''}`}
          aria-current={state === task.state ? 'step' : undefined}
          title={explained?.way.find((stop) => stop.state === state)?.message}
        >
          <span class="task-stop-mark" aria-hidden="true" />
          <span class="task-stop-name">{state}</span>
          <span class="task-stop-time">{at === undefined ? (reached ? 'passed' : '') : clockTime(at)}</span>
        </li>
      ))}
    </ol>
  );
}

/** What both know of the way: the orchestrator's own times where it has them. */
function merge(way: readonly { state: string; at: string }[], seen: TaskView['history']): TaskView['history'] {
  const known = new Set(way.map(({ state }) => state));
  return [...seen.filter(({ state }) => !known.has(state)), ...way.map(({ state, at }) => ({ state, at }))];
}

function Reasons({ explained, cluster }: { explained: ExplainedTask; cluster: ClusterView }) {
  const { nodes, history, restarts } = explained;
  return (
    <div class="task-reasons">
      {nodes.length > 0 && (
        <table>
          <caption>
            {explained.nodeId === undefined ? 'Who could take it' : 'How the nodes stood when it was placed'}
          </caption>
          <thead>
            <tr>
              {['Node', 'This service', 'All tasks', 'Failures', 'Refused because'].map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {nodes.map((node) => (
              <tr key={node.nodeId} class={node.nodeId === explained.nodeId ? 'task-chosen' : ''}>
                <th scope="row">
                  {node.hostname.split('.')[0]}
                  {node.nodeId === explained.nodeId && <span class="visually-hidden">, chosen</span>}
                </th>
                <td>{node.serviceTasks}</td>
                <td>{node.totalTasks}</td>
                <td>{node.recentFailures}</td>
                <td>{node.refusedBy ?? ''}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {history.length > 0 && (
        <table>
          <caption>Before it in the same place{restarts.done > 0 && ` · ${describeRestarts(restarts)}`}</caption>
          <tbody>
            {history.map((each) => (
              <tr key={each.taskId}>
                <th scope="row">
                  <code>{each.taskId.slice(0, 12)}</code>
                </th>
                <td>{each.state}</td>
                <td>{hostnameOf(each.nodeId, cluster)}</td>
                <td>{each.error ?? each.message}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}

function describeRestarts({ done, limit }: ExplainedTask['restarts']): string {
  return `restarted ${done} ${done === 1 ? 'time' : 'times'}${limit === undefined ? '' : ` of at most ${limit}`}`;
}

function hostnameOf(nodeId: string | undefined, cluster: ClusterView): string {
  return cluster.nodes.find((node) => node.id === nodeId)?.hostname.split('.')[0] ?? '';
}

/** `12:34:56.789` of a timestamp, in the reader's time. */
function clockTime(timestamp: string): string {
  const date = new Date(timestamp);
  if (Number.isNaN(date.getTime())) return '';
  const two = (number: number) => String(number).padStart(2, '0');
  const seconds = `${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`;
  return `${two(date.getHours())}:${two(date.getMinutes())}:${seconds}`;
}
