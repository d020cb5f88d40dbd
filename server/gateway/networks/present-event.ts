import { z } from 'zod';
import { GATEWAY_BRIDGE } from './gateway-bridge.ts';
import type { LocalOverlays } from './local-overlays.ts';

const networkEvent = z.looseObject({
  Type: z.literal('network'),
  Action: z.string(),
  Actor: z.looseObject({ ID: z.string(), Attributes: z.record(z.string(), z.string()) }),
});

/**
 * An event of the engine with an overlay in place of its bridge. Undefined for the making of docker_gwbridge, which a Swarm's engine
 * does not tell either.
 */
export function presentEvent(
  event: Record<string, unknown>,
  overlays: Pick<LocalOverlays, 'ofBridge'>,
): Record<string, unknown> | undefined {
  const parsed = networkEvent.safeParse(event);
  if (!parsed.success) return event;
  const { Action, Actor } = parsed.data;
  const { name = '' } = Actor.Attributes;
  if (Action === 'create' && name === GATEWAY_BRIDGE) return undefined;
  const overlay = overlays.ofBridge(Actor.ID, name);
  if (!overlay) return event;
  const Attributes = { ...Actor.Attributes, name: overlay.spec.Name, type: overlay.spec.Driver };
  return { ...event, Actor: { ...Actor, ID: overlay.id, Attributes } };
}
