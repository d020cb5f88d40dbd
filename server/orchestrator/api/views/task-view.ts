import type { Network, Task, TaskNetworkAttachment } from '../../model/objects.ts';
import type { ApiObject } from '../control-api.ts';
import { networkOfTaskView } from './network-view.ts';
import { indexView, taskSpecView } from './service-view.ts';
import { storedView } from './stored-view.ts';
import { goTime } from './time.ts';

/** A task as GET /tasks/ID gives it. `networkOf` looks networks up; one that is gone is shown by its ID alone. */
export function taskView(task: Task, networkOf: (id: string) => Network | undefined): ApiObject {
  const { Status: status } = task;
  return {
    ...storedView(task),
    Labels: {},
    Spec: taskSpecView(task.Spec, { runtime: false }),
    ...(task.ServiceID === '' ? {} : { ServiceID: task.ServiceID }),
    ...(task.Slot ? { Slot: task.Slot } : {}),
    ...(task.NodeID ? { NodeID: task.NodeID } : {}),
    Status: {
      Timestamp: goTime(status.Timestamp),
      State: status.State,
      Message: status.Message,
      ...(status.Err ? { Err: status.Err } : {}),
      ...(status.ContainerStatus === undefined ? {} : { ContainerStatus: status.ContainerStatus }),
      PortStatus: status.PortStatus,
    },
    DesiredState: task.DesiredState,
    ...(task.attachments.length === 0
      ? {}
      : { NetworksAttachments: task.attachments.map((attachment) => attachmentView(attachment, networkOf)) }),
    ...(task.GenericResources === undefined || task.GenericResources.length === 0
      ? {}
      : { GenericResources: task.GenericResources }),
    ...(task.JobIteration === undefined ? {} : { JobIteration: indexView(task.JobIteration) }),
    Volumes: null,
  };
}

function attachmentView(
  { networkId, addresses }: TaskNetworkAttachment,
  networkOf: (id: string) => Network | undefined,
): ApiObject {
  const network = networkOf(networkId);
  return {
    Network: network === undefined ? { ID: networkId } : networkOfTaskView(network),
    ...(addresses.length === 0 ? {} : { Addresses: addresses }),
  };
}
