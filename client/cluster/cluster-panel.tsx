import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { ClusterView, TaskView } from '../../server/workspaces/view/cluster-view.ts';
import type { WorkspaceModel } from '../state/workspace-model.ts';
import { Icon } from '../ui/icon.tsx';
import { NodeColumn } from './node-column.tsx';
import { ServiceList } from './service-list.tsx';
import { TaskDetail } from './task-detail.tsx';
import { TaskTable } from './task-table.tsx';
import './cluster-panel.css';

/** The cluster as it is now: services, and on each node its tasks; or all of it as a table. */
export function ClusterPanel({ model }: { model: WorkspaceModel }) {
  const asTable = useSignal(false);
  const selected = useSignal<string | undefined>(undefined);
  const cluster = inOrder(model.cluster.value, model.status.value?.nodes.map(({ hostname }) => hostname) ?? []);
  const task = cluster.tasks.find((candidate) => candidate.id === selected.value);
  /** What the task was chosen with: it gets the focus back. */
  const origin = useRef<HTMLElement | null>(null);
  const select = (chosen: TaskView | undefined) => {
    if (chosen !== undefined && document.activeElement instanceof HTMLElement) origin.current = document.activeElement;
    selected.value = chosen?.id === selected.peek() ? undefined : chosen?.id;
  };
  return (
    <section class="cluster-panel" id="cluster-view" tabIndex={-1} aria-label="Cluster">
      <header class="cluster-bar">
        <h2>Cluster</h2>
        <p>{summarize(cluster)}</p>
        <button
          type="button"
          class="quiet"
          aria-pressed={asTable.value}
          title={asTable.value ? 'As a picture' : 'As tables'}
          aria-label="Show as tables"
          onClick={() => {
            asTable.value = !asTable.value;
          }}
        >
          <Icon name={asTable.value ? 'boxes' : 'table'} />
        </button>
      </header>
      <div class="cluster-body">
        {cluster.swarm !== 'active' ? (
          <p class="cluster-empty">{describeAbsence(cluster)}</p>
        ) : asTable.value ? (
          <TaskTable cluster={cluster} selected={selected.value} onSelect={select} />
        ) : (
          <>
            <ServiceList cluster={cluster} />
            <ul class="node-columns" aria-label="Nodes and their tasks">
              {cluster.nodes.map((node) => (
                <NodeColumn key={node.id} node={node} cluster={cluster} selected={selected.value} onSelect={select} />
              ))}
              <Unplaced cluster={cluster} selected={selected.value} onSelect={select} />
            </ul>
          </>
        )}
      </div>
      {task !== undefined && (
        <TaskDetail
          api={model.api}
          task={task}
          cluster={cluster}
          onClose={() => {
            select(undefined);
            origin.current?.focus();
          }}
        />
      )}
    </section>
  );
}

/** Tasks that no node has (yet): a column of their own, only while there are any. */
function Unplaced(props: { cluster: ClusterView; selected: string | undefined; onSelect: (task: TaskView) => void }) {
  if (!props.cluster.tasks.some((task) => task.nodeId === '')) return null;
  return <NodeColumn node={undefined} {...props} />;
}

/** The cluster with its nodes in the order of the tabs. */
function inOrder(cluster: ClusterView, hostnames: readonly string[]): ClusterView {
  const place = (hostname: string) => {
    const index = hostnames.indexOf(hostname);
    return index === -1 ? hostnames.length : index;
  };
  return { ...cluster, nodes: [...cluster.nodes].sort((a, b) => place(a.hostname) - place(b.hostname)) };
}

function summarize(cluster: ClusterView): string {
  if (cluster.swarm !== 'active') return '';
  const ready = cluster.nodes.filter((node) => node.state === 'ready').length;
  const running = cluster.tasks.filter((task) => task.state === 'running').length;
  const services = cluster.services.length;
  return `${ready} of ${cluster.nodes.length} nodes ready · ${services} ${services === 1 ? 'service' : 'services'} · ${running} running`;
}

function describeAbsence(cluster: ClusterView): string {
  if (cluster.swarm === 'none') return 'There is no swarm: no node is part of one.';
  if (cluster.swarm === 'unavailable') return `No manager answers. ${cluster.reason}`;
  return 'The cluster is not up yet.';
}
