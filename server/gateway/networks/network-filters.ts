import { ControlError } from '../../orchestrator/api/control-error.ts';
import { Filters } from '../../orchestrator/api/filters.ts';
import { matchesPattern } from '../../orchestrator/api/networks/network-filters.ts';
import type { KnownNetwork } from './network-directory.ts';

const ACCEPTED = ['driver', 'type', 'name', 'id', 'label', 'scope', 'dangling'];
const PREDEFINED = ['bridge', 'host', 'none'];

/**
 * Networks for GET /networks: those of the store that meet the filters, and those of the node that do and are not among them. The store
 * looks names up as a whole and IDs by their beginning, the node finds both in any part of the text. Throws Docker's 400.
 */
export function listNetworks(stored: KnownNetwork[], local: KnownNetwork[], text: string | undefined): KnownNetwork[] {
  const filters = Filters.parse(text, ACCEPTED);
  const found = stored.filter(
    ({ id, name }) =>
      filters.any('name', (wanted) => name === wanted) && filters.any('id', (prefix) => id.startsWith(prefix)),
  );
  const first = filterNetworks(found, text);
  const known = new Set(first.map(({ id }) => id));
  return [
    ...first,
    ...filterNetworks(
      local.filter(({ id }) => !known.has(id)),
      text,
    ),
  ];
}

/**
 * Those that meet the `filters` of GET /networks. Names and IDs are matched as regular expressions or as part of the text. Throws
 * Docker's 400 for filters it does not know.
 */
function filterNetworks(networks: KnownNetwork[], text: string | undefined): KnownNetwork[] {
  const filters = Filters.parse(text, ACCEPTED);
  const dangling = danglingOf(filters);
  for (const type of filters.values('type')) {
    if (type !== 'builtin' && type !== 'custom') throw new ControlError(500, `invalid filter: 'type'='${type}'`);
  }
  return networks.filter(({ id, name, shown }) => {
    const builtin = PREDEFINED.includes(name) && shown.Scope === 'local';
    return (
      filters.any('driver', (driver) => shown.Driver === driver) &&
      filters.any('name', (pattern) => matchesPattern(name, pattern)) &&
      filters.any('id', (pattern) => matchesPattern(id, pattern)) &&
      filters.labels('label', (shown.Labels ?? {}) as Record<string, string>) &&
      filters.any('scope', (scope) => shown.Scope === scope) &&
      filters.any('type', (type) => (type === 'builtin') === builtin) &&
      // A list knows of no containers, so that to Docker every network but its own is unused.
      (dangling === undefined || dangling === !builtin)
    );
  });
}

function danglingOf(filters: Filters): boolean | undefined {
  const values = filters.values('dangling');
  if (values.length === 0) return undefined;
  const isTrue = values.every((value) => value === '1' || value === 'true');
  const isFalse = values.every((value) => value === '0' || value === 'false');
  if (isTrue || isFalse) return isTrue;
  throw new ControlError(400, `invalid value for filter 'dangling', must be "true" (or "1"), or "false" (or "0")`);
}
