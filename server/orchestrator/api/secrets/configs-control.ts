import type { Config } from '../../model/objects.ts';
import type { ConfigSpec } from '../../model/specs.ts';
import type { ApiObject, ConfigsApi, ListQuery, VersionQuery } from '../control-api.ts';
import { type ControlContext, write } from '../control-context.ts';
import { ControlError } from '../control-error.ts';
import { Filters } from '../filters.ts';
import { validateSecretName } from '../names.ts';
import { decode } from '../request/go-json.ts';
import { configSpecRequest } from '../request/secret-spec.ts';
import { resolveConfig } from '../resolve.ts';
import { normaliseDriver } from '../services/normalise.ts';
import { storedView } from '../views/stored-view.ts';
import { matchesData } from './secrets-control.ts';
import { checkSize, LABELS_ONLY, parseDataVersion, refuseInUse, refuseTaken } from './stored-data.ts';

const FILTERS = ['name', 'id', 'label'];
/** Bytes. */
const SIZE_LIMIT = 1000 * 1024;

/** /configs of the Engine API. */
export class ConfigsControl implements ConfigsApi {
  readonly #context: ControlContext;

  constructor(context: ControlContext) {
    this.#context = context;
  }

  list(query: ListQuery = {}): ApiObject[] {
    const filters = Filters.parse(query.filters, FILTERS);
    return [...this.#context.store.configs.all()]
      .filter((config) => matchesData(config, filters))
      .sort((a, b) => (a.ID < b.ID ? -1 : 1))
      .map(configView);
  }

  get(id: string): ApiObject {
    return configView(resolveConfig(this.#context.store, id));
  }

  async create(body: unknown): Promise<{ ID: string }> {
    const { store, newId } = this.#context;
    const request = decode(configSpecRequest, body);
    const spec: ConfigSpec = {
      Name: request.Name ?? '',
      Labels: request.Labels ?? {},
      ...(request.Data === undefined ? {} : { Data: request.Data }),
      ...(request.Templating === undefined ? {} : { Templating: normaliseDriver(request.Templating) }),
    };
    validateSecretName(spec.Name);
    checkSize('config', spec.Data, SIZE_LIMIT);
    const config = await write(store, (transaction) => {
      refuseTaken(transaction, 'config', spec.Name);
      return transaction.create('configs', { ID: newId(), Spec: spec });
    });
    return { ID: config.ID };
  }

  async update(id: string, body: unknown, query: VersionQuery): Promise<void> {
    const { store } = this.#context;
    const request = decode(configSpecRequest, body);
    const version = parseDataVersion('config', query.version);
    const { ID } = resolveConfig(store, id);
    await write(store, (transaction) => {
      const config = transaction.configs.get(ID);
      if (config === undefined) throw ControlError.rpc('NotFound', `config ${ID} not found`);
      if (request.Name !== config.Spec.Name || (request.Data !== undefined && request.Data !== config.Spec.Data))
        throw ControlError.rpc('InvalidArgument', LABELS_ONLY);
      transaction.update('configs', { ...config, Spec: { ...config.Spec, Labels: request.Labels ?? {} } }, version);
    });
  }

  async remove(id: string): Promise<void> {
    const { store } = this.#context;
    const { ID } = resolveConfig(store, id);
    await write(store, (transaction) => {
      const config = transaction.configs.get(ID);
      if (config === undefined) throw ControlError.rpc('NotFound', `config ${ID} not found`);
      refuseInUse(transaction, 'config', config);
      transaction.remove('configs', ID);
    });
  }
}

function configView(config: Config): ApiObject {
  return { ...storedView(config), Spec: config.Spec };
}
