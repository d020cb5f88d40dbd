import type { Clock } from '../../clock/clock.ts';
import { containsAddress, parseAddress, parseSubnet } from '../allocator/ipv4.ts';
import { ControlError } from '../api/control-error.ts';
import { resolveNetwork } from '../api/resolve.ts';
import type { Network, Task } from '../model/objects.ts';
import type { Store } from '../store/store.ts';
import type { AttachmentOptions, NetworkAttachment } from './swarm-machine.ts';

interface Attachable {
  /** The network's ID or name. */
  target: string;
  containerId: string;
  nodeId: string;
}

/**
 * Puts a plain container of a node on an attachable overlay: a task without service stands for it until it is detached. Throws 403 for a
 * network that is not attachable, 404 for none, 400 for an address that is none of the network's, 500 for one that is in use.
 */
export async function attach(
  store: Store,
  request: Attachable & AttachmentOptions & { clock: Clock; newId: () => string },
): Promise<NetworkAttachment> {
  const network = networkOf(store, request.target);
  const { Name } = network.Spec;
  if (!network.Spec.Attachable)
    throw refusal(403, Name, `PermissionDenied desc = network ${Name} not manually attachable`);
  if (request.address !== undefined) checkAddress(network, request.address);
  const id = request.newId();
  store.update((transaction) => transaction.create('tasks', attachmentTask(id, network, request)));
  const address = store.tasks.get(id)?.attachments[0]?.addresses[0];
  if (address === undefined || store.tasks.get(id)?.Status.State === 'new') {
    store.update((transaction) => transaction.remove('tasks', id));
    throw new ControlError(500, NO_ADDRESS);
  }
  await store.durable();
  return { taskId: id, networkId: network.ID, networkName: Name, address };
}

/** A real daemon finds out by waiting in vain. */
const NO_ADDRESS =
  'attaching to network failed, make sure your network options are correct and check manager logs: context deadline exceeded';

function refusal(status: number, name: string, problem: string): ControlError {
  return new ControlError(status, `Could not attach to network ${name}: rpc error: code = ${problem}`);
}

function networkOf(store: Store, target: string): Network {
  try {
    return resolveNetwork(store, target);
  } catch (error) {
    if (error instanceof ControlError && error.status === 404)
      throw refusal(404, target, `NotFound desc = ${error.message}`);
    throw error;
  }
}

function checkAddress(network: Network, text: string): void {
  const [subnet, address] = [parseSubnet(network.allocation?.subnet ?? ''), parseAddress(text)];
  if (subnet !== undefined && address !== undefined && containsAddress(subnet, address)) return;
  throw new ControlError(
    400,
    `invalid config for network ${network.Spec.Name}: invalid endpoint settings:\nno configured subnet or ip-range contain the IP address ${text}`,
  );
}

/** Takes the container off the network again. */
export async function detach(store: Store, { target, containerId, nodeId }: Attachable): Promise<void> {
  const isMeant = ({ networkId }: { networkId: string }) =>
    networkId === target || store.networks.get(networkId)?.Spec.Name === target;
  const tasks = store
    .tasksOfNode(nodeId)
    .filter(
      ({ Spec, attachments }) => Spec.NetworkAttachmentSpec?.ContainerID === containerId && attachments.some(isMeant),
    );
  if (tasks.length === 0) return;
  store.update((transaction) => {
    for (const { ID } of tasks) transaction.remove('tasks', ID);
  });
  await store.durable();
}

function attachmentTask(
  id: string,
  network: Network,
  { containerId, nodeId, address, names, clock }: Attachable & AttachmentOptions & { clock: Clock },
): Omit<Task, 'Version' | 'CreatedAt' | 'UpdatedAt'> {
  const prefix = network.allocation?.subnet.split('/')[1] ?? '24';
  const addresses = address === undefined ? [] : [`${address}/${prefix}`];
  return {
    ID: id,
    Spec: {
      NetworkAttachmentSpec: { ContainerID: containerId },
      Networks: [{ Target: network.ID }],
      ForceUpdate: 0,
      Runtime: 'attachment',
    },
    ServiceID: '',
    NodeID: nodeId,
    Status: { Timestamp: clock.timestamp(), State: 'new', Message: 'created', PortStatus: {} },
    DesiredState: 'running',
    attachments: [{ networkId: network.ID, addresses, aliases: names }],
    serviceName: '',
    serviceLabels: {},
    specVersion: 0,
    global: false,
  };
}
