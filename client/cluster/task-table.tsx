import type { ComponentChildren } from 'preact';
import type { ClusterView, TaskView } from '../../server/workspaces/view/cluster-view.ts';
import './task-table.css';

export interface TaskTableProps {
  cluster: ClusterView;
  selected: string | undefined;
  onSelect: (task: TaskView) => void;
}

/** Everything that the picture shows, as tables. */
export function TaskTable({ cluster, selected, onSelect }: TaskTableProps) {
  const hostnames = new Map(cluster.nodes.map((node) => [node.id, node.hostname.split('.')[0]]));
  return (
    <div class="cluster-tables">
      <Table
        caption="Nodes"
        columns={['Name', 'Role', 'State', 'Availability', 'Address']}
        rows={cluster.nodes.map((node) => [
          node.hostname,
          node.leader ? `${node.role} (leader)` : node.role,
          node.state,
          node.availability,
          node.address,
        ])}
      />
      <Table
        caption="Services"
        columns={['Name', 'Mode', 'Running', 'Image', 'Ports']}
        rows={cluster.services.map((service) => [
          service.name,
          service.mode,
          `${service.running} of ${service.wanted}`,
          service.image,
          service.ports.join(', '),
        ])}
      />
      <Table
        caption="Tasks"
        columns={['Name', 'Node', 'State', 'To be', 'Image', 'Error']}
        rows={cluster.tasks.map((task) => [
          <button
            key={task.id}
            type="button"
            class="task-link"
            aria-pressed={task.id === selected}
            onClick={() => onSelect(task)}
          >
            {task.name}
          </button>,
          hostnames.get(task.nodeId) ?? '',
          task.state,
          task.desired,
          task.image,
          task.error,
        ])}
      />
    </div>
  );
}

function Table(props: { caption: string; columns: string[]; rows: ComponentChildren[][] }) {
  return (
    <table>
      <caption>
        {props.caption} ({props.rows.length})
      </caption>
      <thead>
        <tr>
          {props.columns.map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {props.rows.map((row, index) => (
          <tr key={index}>
            {row.map((cell, column) =>
              column === 0 ? (
                <th key={column} scope="row">
                  {cell}
                </th>
              ) : (
                <td key={column}>{cell}</td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
