import type { EventStream } from '../events/event-stream.ts';
import { ClusterControl } from './cluster/cluster-control.ts';
import type { ControlApi } from './control-api.ts';
import type { ControlContext } from './control-context.ts';
import { NetworksControl } from './networks/networks-control.ts';
import { NodesControl } from './nodes/nodes-control.ts';
import { ConfigsControl } from './secrets/configs-control.ts';
import { SecretsControl } from './secrets/secrets-control.ts';
import { ServicesControl } from './services/services-control.ts';
import { TasksControl } from './tasks/tasks-control.ts';

/** The control API over one swarm's store. */
export function createControlApi(context: ControlContext, events: EventStream): ControlApi {
  return {
    services: new ServicesControl(context),
    tasks: new TasksControl(context),
    nodes: new NodesControl(context),
    swarm: new ClusterControl(context),
    networks: new NetworksControl(context),
    secrets: new SecretsControl(context),
    configs: new ConfigsControl(context),
    events,
  };
}
