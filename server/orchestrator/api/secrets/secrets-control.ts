import type { Secret } from '../../model/objects.ts';
import type { SecretSpec } from '../../model/specs.ts';
import type { ApiObject, ListQuery, SecretsApi, VersionQuery } from '../control-api.ts';
import { type ControlContext, write } from '../control-context.ts';
import { ControlError } from '../control-error.ts';
import { Filters } from '../filters.ts';
import { validateSecretName } from '../names.ts';
import { decode } from '../request/go-json.ts';
import { secretSpecRequest } from '../request/secret-spec.ts';
import { resolveSecret } from '../resolve.ts';
import { normaliseDriver } from '../services/normalise.ts';
import { storedView } from '../views/stored-view.ts';
import { checkSize, LABELS_ONLY, parseDataVersion, refuseInUse, refuseTaken } from './stored-data.ts';

const FILTERS = ['names', 'name', 'id', 'label'];
/** Bytes. */
const SIZE_LIMIT = 500 * 1024;

/** /secrets of the Engine API. What is in a secret never comes out of here again. */
export class SecretsControl implements SecretsApi {
  readonly #context: ControlContext;

  constructor(context: ControlContext) {
    this.#context = context;
  }

  list(query: ListQuery = {}): ApiObject[] {
    const filters = Filters.parse(query.filters, FILTERS);
    return [...this.#context.store.secrets.all()]
      .filter((secret) => matchesData(secret, filters))
      .sort((a, b) => (a.ID < b.ID ? -1 : 1))
      .map(secretView);
  }

  get(id: string): ApiObject {
    return secretView(resolveSecret(this.#context.store, id));
  }

  async create(body: unknown): Promise<{ ID: string }> {
    const { store, newId } = this.#context;
    const request = decode(secretSpecRequest, body);
    const spec: SecretSpec = {
      Name: request.Name ?? '',
      Labels: request.Labels ?? {},
      ...(request.Data === undefined ? {} : { Data: request.Data }),
      ...(request.Driver === undefined ? {} : { Driver: normaliseDriver(request.Driver) }),
      ...(request.Templating === undefined ? {} : { Templating: normaliseDriver(request.Templating) }),
    };
    validateSecretName(spec.Name);
    if (spec.Driver === undefined) checkSize('secret', spec.Data, SIZE_LIMIT);
    else refuseDriver(spec.Driver.Name ?? '');
    const secret = await write(store, (transaction) => {
      refuseTaken(transaction, 'secret', spec.Name);
      return transaction.create('secrets', { ID: newId(), Spec: spec });
    });
    return { ID: secret.ID };
  }

  async update(id: string, body: unknown, query: VersionQuery): Promise<void> {
    const { store } = this.#context;
    const request = decode(secretSpecRequest, body);
    const version = parseDataVersion('secret', query.version);
    const { ID } = resolveSecret(store, id);
    await write(store, (transaction) => {
      const secret = transaction.secrets.get(ID);
      if (secret === undefined) throw ControlError.rpc('NotFound', `secret ${ID} not found`);
      if (request.Name !== secret.Spec.Name || (request.Data !== undefined && request.Data !== secret.Spec.Data))
        throw ControlError.rpc('InvalidArgument', LABELS_ONLY);
      transaction.update('secrets', { ...secret, Spec: { ...secret.Spec, Labels: request.Labels ?? {} } }, version);
    });
  }

  async remove(id: string): Promise<void> {
    const { store } = this.#context;
    const { ID } = resolveSecret(store, id);
    await write(store, (transaction) => {
      const secret = transaction.secrets.get(ID);
      if (secret === undefined) throw ControlError.rpc('NotFound', `secret ${ID} not found`);
      refuseInUse(transaction, 'secret', secret);
      transaction.remove('secrets', ID);
    });
  }
}

/** The filters that secrets and configs share. */
export function matchesData(
  { ID, Spec }: { ID: string; Spec: { Name: string; Labels: Record<string, string> } },
  filters: Filters,
): boolean {
  return (
    filters.any('names', (name) => Spec.Name === name) &&
    filters.any('name', (prefix) => Spec.Name.startsWith(prefix)) &&
    filters.any('id', (prefix) => ID.startsWith(prefix)) &&
    filters.labels('label', Spec.Labels)
  );
}

function secretView(secret: Secret): ApiObject {
  const { Data: _secret, ...shown } = secret.Spec;
  return { ...storedView(secret), Spec: shown };
}

/** External secret drivers are plugins, and there are none. */
function refuseDriver(name: string): never {
  if (name === '') throw ControlError.rpc('InvalidArgument', 'secret driver must have a name');
  throw ControlError.rpc('Unknown', `plugin ${JSON.stringify(name)} not found`);
}
