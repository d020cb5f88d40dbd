import type { ConfigReference, SecretReference } from '../../model/specs.ts';
import type { ReadView, WriteTransaction } from '../../store/store.ts';
import { ControlError } from '../control-error.ts';

/** Refuses to remove what services still refer to. Throws 400 with the services' names. */
export function refuseInUse(
  view: ReadView,
  kind: 'secret' | 'config',
  object: { ID: string; Spec: { Name: string } },
): void {
  const users = [...view.services.all()]
    .filter(({ Spec }) => {
      const { Secrets = [], Configs = [] } = Spec.TaskTemplate.ContainerSpec ?? {};
      return kind === 'secret' ? Secrets.some(refersTo(object.ID)) : Configs.some(refersTo(object.ID));
    })
    .sort((a, b) => (a.ID < b.ID ? -1 : 1))
    .map(({ Spec }) => Spec.Name);
  if (users.length === 0) return;
  const services = users.length > 1 ? 'services' : 'service';
  throw ControlError.rpc(
    'InvalidArgument',
    `${kind} '${object.Spec.Name}' is in use by the following ${services}: ${users.join(', ')}`,
  );
}

function refersTo(id: string): (reference: SecretReference | ConfigReference) => boolean {
  return (reference) => ('SecretID' in reference ? reference.SecretID : reference.ConfigID) === id;
}

/** Refuses a name that another secret or config has; letter case does not make a difference. Throws 409. */
export function refuseTaken(transaction: WriteTransaction, kind: 'secret' | 'config', name: string): void {
  const table = kind === 'secret' ? transaction.secrets : transaction.configs;
  if (table.by('name', name.toLowerCase()).length > 0)
    throw ControlError.rpc('AlreadyExists', `${kind} ${name} already exists`);
}

/** Refuses data that is empty or too large. `data` is base64, `limit` in bytes. Throws 400. */
export function checkSize(kind: 'secret' | 'config', data: string | undefined, limit: number): void {
  const size = Buffer.byteLength(data ?? '', 'base64');
  if (size === 0 || size >= limit)
    throw ControlError.rpc('InvalidArgument', `${kind} data must be larger than 0 and less than ${limit} bytes`);
}

/** `version=` of a secret's or config's update, which Docker reads less talkatively than others. Throws 400. */
export function parseDataVersion(kind: 'secret' | 'config', text: string | undefined): number {
  if (text === undefined || !/^\d+$/.test(text)) throw new ControlError(400, `invalid ${kind} version`);
  return Number(text);
}

export const LABELS_ONLY = 'only updates to Labels are allowed';
