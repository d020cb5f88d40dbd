import type { Service } from '../../model/objects.ts';
import type { ServiceMode, ServiceSpec } from '../../model/specs.ts';
import { sameSpec } from '../../services/same-spec.ts';
import type { WriteTransaction } from '../../store/store.ts';
import type {
  ApiObject,
  ListQuery,
  LogStream,
  LogsQuery,
  ServiceCreateOptions,
  ServicesApi,
  ServiceUpdateQuery,
} from '../control-api.ts';
import { type ControlContext, write } from '../control-context.ts';
import { ControlError } from '../control-error.ts';
import { Filters } from '../filters.ts';
import { openLogs } from '../logs.ts';
import { parseVersion } from '../numbers.ts';
import { decode } from '../request/go-json.ts';
import { serviceSpecRequest } from '../request/service-spec.ts';
import { resolveService } from '../resolve.ts';
import { insertDefaults } from '../views/insert-defaults.ts';
import { serviceView } from '../views/service-view.ts';
import { networksMigrated, refuseOtherMode, rolledBack, updated } from './change-service.ts';
import { resolveNetworkTargets } from './network-targets.ts';
import { normaliseServiceSpec } from './normalise.ts';
import { serviceStatus } from './service-status.ts';
import { checkPortConflicts, checkReferences, validateIngress, validateNetworks } from './validate-in-store.ts';
import { validateServiceSpec } from './validate-spec.ts';

const FILTERS = ['name', 'id', 'label', 'mode', 'runtime'];
const MODES: Record<keyof ServiceMode, string> = {
  Replicated: 'replicated',
  Global: 'global',
  ReplicatedJob: 'replicated-job',
  GlobalJob: 'global-job',
};

/** /services of the Engine API. */
export class ServicesControl implements ServicesApi {
  readonly #context: ControlContext;

  constructor(context: ControlContext) {
    this.#context = context;
  }

  list(query: ListQuery & { status?: boolean } = {}): ApiObject[] {
    const { store } = this.#context;
    const filters = Filters.parse(query.filters, FILTERS);
    const services = [...store.services.all()].filter((service) => matches(service, filters));
    return services
      .sort((a, b) => (a.ID < b.ID ? -1 : 1))
      .map((service) => serviceView(service, query.status ? { status: serviceStatus(store, service) } : {}));
  }

  get(id: string, query: { insertDefaults?: boolean } = {}): ApiObject {
    const service = resolveService(this.#context.store, id);
    return serviceView(service, query.insertDefaults ? { spec: insertDefaults(service.Spec) } : {});
  }

  async create(body: unknown, options: ServiceCreateOptions = {}): Promise<{ ID: string; Warnings: string[] | null }> {
    const { store, clock, newId } = this.#context;
    const spec = this.#readSpec(body, options.registryAuth);
    validateServiceSpec(spec);
    validateNetworks(store, spec);
    checkPortConflicts(store, spec, '');
    validateIngress(store, spec);
    const service = await write(store, (transaction) => {
      checkReferences(transaction, spec);
      refuseTakenName(transaction, spec.Name);
      const isJob = spec.Mode.ReplicatedJob !== undefined || spec.Mode.GlobalJob !== undefined;
      return transaction.create('services', {
        ID: newId(),
        Spec: spec,
        specVersion: 0,
        ...(isJob ? { JobStatus: { JobIteration: { Index: 0 }, LastExecution: clock.timestamp() } } : {}),
      });
    });
    return { ID: service.ID, Warnings: null };
  }

  async update(id: string, body: unknown, query: ServiceUpdateQuery): Promise<{ Warnings: string[] | null }> {
    const { store, clock } = this.#context;
    const request = decode(serviceSpecRequest, body);
    const version = parseVersion('service', query.version);
    const rollback = rollbackOf(query.rollback);
    const normalised = resolveNetworkTargets(store, normaliseServiceSpec(request, query.registryAuth));
    const current = resolveService(store, id);
    const spec = query.registryAuth ? normalised : withOldAuth(normalised, current, query.registryAuthFrom);
    validateServiceSpec(spec);
    validateIngress(store, spec);
    if (!sameSpec(spec.EndpointSpec, current.Spec.EndpointSpec)) checkPortConflicts(store, spec, current.ID);
    await write(store, (transaction) => {
      const service = transaction.services.get(current.ID);
      if (service === undefined) throw ControlError.rpc('NotFound', `service ${current.ID} not found`);
      networksMigrated(service, spec);
      validateNetworks(transaction, spec);
      checkReferences(transaction, spec);
      refuseOtherMode(service, spec);
      const changed = rollback
        ? rolledBack(service, clock.timestamp())
        : updated(service, spec, version, clock.timestamp());
      transaction.update('services', changed, version);
    });
    return { Warnings: null };
  }

  async remove(id: string): Promise<void> {
    const { store } = this.#context;
    const service = resolveService(store, id);
    await write(store, (transaction) => transaction.remove('services', service.ID));
  }

  logs(id: string, query: LogsQuery, signal: AbortSignal): LogStream {
    const service = resolveService(this.#context.store, id);
    return openLogs(this.#context, { serviceIds: [service.ID], taskIds: [] }, service.Spec.TaskTemplate, query, signal);
  }

  #readSpec(body: unknown, registryAuth: string | undefined): ServiceSpec {
    const request = decode(serviceSpecRequest, body);
    return resolveNetworkTargets(this.#context.store, normaliseServiceSpec(request, registryAuth));
  }
}

function matches({ ID, Spec }: Service, filters: Filters): boolean {
  const mode = (Object.keys(MODES) as (keyof ServiceMode)[]).find((key) => Spec.Mode[key] !== undefined);
  return (
    filters.any('name', (prefix) => Spec.Name.startsWith(prefix)) &&
    filters.any('id', (prefix) => ID.startsWith(prefix)) &&
    filters.labels('label', Spec.Labels) &&
    filters.any('mode', (wanted) => mode !== undefined && MODES[mode] === wanted) &&
    filters.any('runtime', (wanted) => wanted === 'container')
  );
}

function refuseTakenName(transaction: WriteTransaction, name: string): void {
  if (transaction.serviceByName(name) === undefined) return;
  throw ControlError.rpc('AlreadyExists', `name conflicts with an existing object: service ${name} already exists`);
}

function rollbackOf(text: string | undefined): boolean {
  if (text === undefined || text === '') return false;
  if (text === 'previous') return true;
  throw new ControlError(500, `unrecognized rollback option ${text}`);
}

/** An update that brings no registry credentials keeps those of the spec it replaces, or of the one before. */
function withOldAuth(spec: ServiceSpec, current: Service, from: string | undefined): ServiceSpec {
  if (from !== undefined && !['', 'spec', 'previous-spec'].includes(from))
    throw new ControlError(500, 'unsupported registryAuthFrom value');
  const source = from === 'previous-spec' ? current.PreviousSpec : current.Spec;
  if (source === undefined) throw new ControlError(500, 'service does not have a previous spec');
  const registryAuth = source.TaskTemplate.ContainerSpec?.registryAuth;
  if (registryAuth === undefined) return spec;
  const { TaskTemplate: template } = spec;
  return { ...spec, TaskTemplate: { ...template, ContainerSpec: { ...template.ContainerSpec, registryAuth } } };
}
