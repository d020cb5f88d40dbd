import type { OverlayState, PublishedPortState } from '../../orchestrator/dispatcher/protocol.ts';

/** An overlay that is in place on this node, and the bridge network of the node's engine that carries it there. */
export interface LocalOverlay {
  state: OverlayState;
  /** The engine's own ID and name of the bridge network. */
  engineId: string;
  engineName: string;
}

/** The node's share in the cluster's networks, as the gateway has to know it. The agent's node network gives it. */
export interface LocalOverlays {
  /** Overlays in place on this node now; none outside of a swarm. */
  list(): readonly LocalOverlay[];
  /** The overlay that a bridge network of the engine carries, has carried lately, or is just being made for. */
  ofBridge(engineId: string, engineName: string): OverlayState | undefined;
  /** Ports published in ingress mode. */
  published(): readonly PublishedPortState[];
  /**
   * Waits until the overlay with this ID is in place here. Rejects when it is not within 20 s.
   */
  waitFor(networkId: string): Promise<LocalOverlay>;
}
