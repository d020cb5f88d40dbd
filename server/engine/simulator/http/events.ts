import type { EngineEvent } from '../../engine.ts';

/** An event as GET /events sends it. */
export function presentEvent(event: EngineEvent): Record<string, unknown> {
  const old =
    event.Type === 'container' ? { status: event.Action, id: event.Actor.ID, from: event.Actor.Attributes.image } : {};
  const { Type, Action, Actor, timeNano } = event;
  return { ...old, Type, Action, Actor, scope: 'local', time: Math.floor(timeNano / 1e9), timeNano };
}

/** Whether the event passes the client's filters: values of one key are alternatives, keys must all hold. */
export function matchesEvent(event: EngineEvent, filters: Record<string, string[]>): boolean {
  return Object.entries(filters).every(([key, values]) => {
    if (values.length === 0) return true;
    if (key === 'type') return values.includes(event.Type);
    if (key === 'event') return values.some((value) => event.Action === value || event.Action.startsWith(`${value}:`));
    if (key === 'scope') return values.includes('local');
    if (key === 'label') {
      return values.every((wanted) => {
        const [name = '', value] = wanted.split(/=(.*)/s);
        return name in event.Actor.Attributes && (value === undefined || event.Actor.Attributes[name] === value);
      });
    }
    if (key === event.Type)
      return values.some((value) => event.Actor.ID.startsWith(value) || event.Actor.Attributes.name === value);
    if (key === 'image' && event.Type === 'container') return values.includes(event.Actor.Attributes.image ?? '');
    return false;
  });
}
