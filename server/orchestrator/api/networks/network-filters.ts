import { matchesGoPattern } from '../../../patterns/go-pattern.ts';
import { networksOf } from '../../allocator/service-allocator.ts';
import type { Network } from '../../model/objects.ts';
import type { ReadView } from '../../store/store.ts';
import { ControlError } from '../control-error.ts';
import type { Filters } from '../filters.ts';

export const NETWORK_FILTERS = ['driver', 'type', 'name', 'id', 'label', 'scope', 'dangling'];

/** Whether a network of the swarm meets the filters; names and IDs are matched as regular expressions, or else as part of the text. */
export function matchesNetwork(view: ReadView, network: Network, filters: Filters): boolean {
  const { Name, Labels, Driver } = network.Spec;
  for (const type of filters.values('type'))
    if (type !== 'builtin' && type !== 'custom') throw new ControlError(500, `invalid filter: 'type'='${type}'`);
  const dangling = filters.truth('dangling');
  return (
    filters.any('driver', (driver) => Driver === driver) &&
    filters.any('name', (pattern) => matchesPattern(Name, pattern)) &&
    filters.any('id', (pattern) => matchesPattern(network.ID, pattern)) &&
    filters.labels('label', Labels) &&
    filters.any('scope', (scope) => scope === 'swarm') &&
    filters.any('type', (type) => type === 'custom') &&
    (dangling === undefined || dangling === !isUsed(view, network))
  );
}

/** Whether a name or ID is meant: Docker takes what is asked for as a part of it or as a regular expression. */
export function matchesPattern(text: string, pattern: string): boolean {
  return text.includes(pattern) || matchesGoPattern(text, pattern);
}

function isUsed(view: ReadView, network: Network): boolean {
  return [...view.services.all()].some((service) => networksOf(service).some(({ Target }) => Target === network.ID));
}
