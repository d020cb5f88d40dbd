import { ControlError } from '../../orchestrator/api/control-error.ts';
import type { SwarmEvent } from '../../orchestrator/events/event-stream.ts';

/** Filters of GET /events: values of one key are alternatives, keys must all hold. */
export type EventFilters = ReadonlyMap<string, readonly string[]>;

/**
 * Reads a `filters` parameter, `{"key":{"value":true}}` or the old `{"key":["value"]}`. Throws Docker's 400.
 */
export function parseFilters(text: string | null): EventFilters {
  if (text === null || text === '') return new Map();
  const malformed = () => new ControlError(400, `invalid filters: ${text}`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw malformed();
  }
  if (typeof parsed !== 'object' || parsed === null) throw malformed();
  return new Map(
    Object.entries(parsed).map(([key, values]) => {
      if (Array.isArray(values)) return [key, values.map(String)];
      if (typeof values !== 'object' || values === null) throw malformed();
      return [key, Object.keys(values)];
    }),
  );
}

/** Keys that name an object of one kind: they hold for no event of another kind. */
const KINDS = ['container', 'plugin', 'volume', 'network', 'image', 'node', 'service', 'secret', 'config', 'daemon'];

/** Whether an event passes the filters, as the daemon's own filter decides it. */
export function passes(event: SwarmEvent, filters: EventFilters): boolean {
  const exact = (key: string, value: string) => filters.get(key)?.includes(value) ?? true;
  if (!exact('type', event.Type) || !exact('scope', event.scope) || !exact('event', event.Action)) return false;
  const labels = filters.get('label') ?? [];
  if (!labels.every((label) => hasLabel(event, label))) return false;
  return KINDS.every((kind) => {
    const wanted = filters.get(kind);
    if (wanted === undefined) return true;
    return kind === event.Type && wanted.some((value) => isCalled(event, value));
  });
}

/** IDs and names count as given when they begin with what was asked for. */
function isCalled({ Actor }: SwarmEvent, wanted: string): boolean {
  return Actor.ID.startsWith(wanted) || (Actor.Attributes.name ?? '').startsWith(wanted);
}

function hasLabel({ Actor }: SwarmEvent, label: string): boolean {
  const at = label.indexOf('=');
  if (at < 0) return label in Actor.Attributes;
  return Actor.Attributes[label.slice(0, at)] === label.slice(at + 1);
}
