import { needsIngress, networksOf } from '../../allocator/service-allocator.ts';
import type { Network } from '../../model/objects.ts';
import type { IpamConfig, NetworkSpec } from '../../model/specs.ts';
import { compareStates } from '../../model/task-state.ts';
import type { ReadView } from '../../store/store.ts';
import type { ApiObject, ListQuery, NetworkQuery, NetworksApi } from '../control-api.ts';
import { type ControlContext, write } from '../control-context.ts';
import { ControlError } from '../control-error.ts';
import { Filters } from '../filters.ts';
import { validateName } from '../names.ts';
import { decode } from '../request/go-json.ts';
import { networkCreateRequest } from '../request/network-create.ts';
import { resolveNetwork } from '../resolve.ts';
import { mapOrNothing, omitEmpty } from '../services/omit-empty.ts';
import { ingressNetwork } from '../services/validate-in-store.ts';
import { networkView } from '../views/network-view.ts';
import { matchesNetwork, NETWORK_FILTERS } from './network-filters.ts';
import { validateIpam } from './validate-ipam.ts';

const PREDEFINED_LABEL = 'com.docker.swarm.predefined';
/** Names that belong to every engine's own networks. */
const PREDEFINED_NAMES = ['bridge', 'host', 'none', 'default'];
const DRIVERS = ['overlay', 'bridge', 'host', 'macvlan', 'ipvlan'];

/** /networks of the Engine API, as far as networks of the swarm are concerned. */
export class NetworksControl implements NetworksApi {
  readonly #context: ControlContext;

  constructor(context: ControlContext) {
    this.#context = context;
  }

  list(query: ListQuery = {}): ApiObject[] {
    const filters = Filters.parse(query.filters, NETWORK_FILTERS);
    const { store } = this.#context;
    return [...store.networks.all()]
      .filter((network) => !network.Spec.Predefined && matchesNetwork(store, network, filters))
      .sort((a, b) => (a.ID < b.ID ? -1 : 1))
      .map(networkView);
  }

  get(id: string, query: NetworkQuery = {}): ApiObject {
    if (query.scope && query.scope !== 'swarm') throw new ControlError(404, `network ${id} not found`);
    return networkView(resolveNetwork(this.#context.store, id));
  }

  async create(body: unknown, options: { taken?: readonly string[] } = {}): Promise<{ Id: string; Warning: string }> {
    const { store, newId } = this.#context;
    const request = decode(networkCreateRequest, body);
    const name = request.Name ?? '';
    const ipam = request.IPAM?.Config?.map((config) => ipamConfig(config)) ?? [];
    const driver = request.Driver || 'overlay';
    // The order in which a daemon, its network library and the manager look at a network.
    const taken = () => new ControlError(409, `network with name ${name} already exists`);
    if ([...store.networks.all()].some((network) => network.Spec.Name === name)) throw taken();
    if (PREDEFINED_NAMES.includes(name))
      throw new ControlError(403, `operation is not permitted on predefined ${name} network `);
    validateIpam(ipam);
    if (name.trim() === '') throw new ControlError(400, `invalid name: ${name}`);
    if (options.taken?.includes(name)) throw taken();
    if (!DRIVERS.includes(driver)) throw new ControlError(404, `plugin ${JSON.stringify(driver)} not found`);
    if (driver === 'overlay' && request.Scope === 'local')
      throw new ControlError(403, 'cannot downgrade network scope for overlay networks');
    if (request.Ingress && driver !== 'overlay')
      throw new ControlError(403, 'Ingress network can only be global scope network');
    if (request.Ingress && request.Attachable)
      throw ControlError.rpc('InvalidArgument', 'ingress network cannot be attachable');
    validateName(name);
    validateIpamDriver(request.IPAM?.Driver ?? '');
    const spec: NetworkSpec = {
      Name: name,
      Labels: request.Labels ?? {},
      Driver: driver,
      ...omitEmpty({ Options: mapOrNothing(request.Options), EnableIPv6: request.EnableIPv6 }),
      Internal: request.Internal ?? false,
      Attachable: request.Attachable ?? false,
      Ingress: request.Ingress ?? false,
      ...(request.ConfigFrom?.Network ? { ConfigFrom: request.ConfigFrom.Network } : {}),
      ...(request.IPAM === undefined
        ? {}
        : {
            IPAM: omitEmpty({
              Driver: request.IPAM.Driver,
              Options: mapOrNothing(request.IPAM.Options),
              Config: ipam,
            }),
          }),
    };
    refuseSpec(store, spec);
    const network = await write(store, (transaction) => {
      const isTaken = [...transaction.networks.all()].some((other) => sameName(other.Spec.Name, name));
      if (isTaken) throw ControlError.rpc('Unknown', 'name conflicts with an existing object');
      return transaction.create('networks', { ID: newId(), Spec: spec });
    });
    return { Id: network.ID, Warning: '' };
  }

  async remove(id: string): Promise<void> {
    const { store } = this.#context;
    const { ID } = resolveNetwork(store, id);
    await write(store, (transaction) => {
      const network = transaction.networks.get(ID);
      if (network === undefined) throw ControlError.rpc('NotFound', `network ${ID} not found`);
      refuseInUse(transaction, network);
      transaction.remove('networks', ID);
    });
  }
}

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function ipamConfig(config: { [K in keyof IpamConfig]?: IpamConfig[K] | undefined }): IpamConfig {
  const { Subnet, IPRange, Gateway, AuxiliaryAddresses } = config;
  return omitEmpty({ Subnet, IPRange, Gateway, AuxiliaryAddresses: mapOrNothing(AuxiliaryAddresses) });
}

function validateIpamDriver(name: string): void {
  if (name !== '' && name !== 'default')
    throw ControlError.rpc('InvalidArgument', `error during lookup of plugin ${name}`);
}

function refuseSpec(view: ReadView, spec: NetworkSpec): void {
  if (spec.Labels[PREDEFINED_LABEL] !== undefined)
    throw ControlError.rpc(
      'PermissionDenied',
      `label ${PREDEFINED_LABEL} is for internally created predefined networks and cannot be applied by users`,
    );
  const present = spec.Ingress ? ingressNetwork(view) : undefined;
  if (present !== undefined)
    throw ControlError.rpc('AlreadyExists', `ingress network (${present.ID}) is already present`);
}

/** A network cannot go while a service's spec names it or a task that is meant to run is on it. Throws 400. */
function refuseInUse(view: ReadView, { ID, Spec }: Network): void {
  const refuse = (description: string) => ControlError.rpc('FailedPrecondition', description);
  if (Spec.Predefined) throw refuse(`network ${ID} (${Spec.Name}) is a swarm predefined network and cannot be removed`);
  for (const service of view.services.all()) {
    if (Spec.Ingress && needsIngress(service.Spec.EndpointSpec))
      throw refuse(`ingress network cannot be removed because service ${service.ID} depends on it`);
    if (networksOf(service).some(({ Target }) => Target === ID))
      throw refuse(`network ${ID} is in use by service ${service.ID}`);
  }
  for (const task of view.tasks.all()) {
    if (!task.Spec.Networks?.some(({ Target }) => Target === ID)) continue;
    const isOver = compareStates(task.DesiredState, 'running') > 0 || compareStates(task.Status.State, 'running') > 0;
    if (!isOver) throw refuse(`network ${ID} is in use by task ${task.ID}`);
  }
}
