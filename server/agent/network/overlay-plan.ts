import { macOf } from '../../gateway/networks/addresses.ts';
import type { OverlayState } from '../../orchestrator/dispatcher/protocol.ts';
import { bridgeName, tunnelName } from './device-names.ts';

/** Where frames for a MAC address go; the MAC of all zeroes stands for broadcasts, which only ARP sends here. */
export interface ForwardingEntry {
  mac: string;
  /** The node's address on the underlay. */
  peer: string;
}

/** How an overlay's devices on this node have to be. */
export interface OverlayPlan {
  bridge: string;
  tunnel: string;
  vni: number;
  /** This node's address on the underlay. */
  underlay: string;
  /** The MAC of the bridge, so that other nodes know it without asking. */
  bridgeMac: string;
  /** Virtual IPs of services that have a task which takes connections. */
  vips: ReadonlySet<string>;
  /** By `entryKey`. */
  entries: ReadonlyMap<string, ForwardingEntry>;
}

/** Broadcasts, as VXLAN's forwarding table names them. */
export const BROADCAST = '00:00:00:00:00:00';

/** What tells two forwarding entries apart: several nodes may take broadcasts, so the address alone does not. */
export function entryKey({ mac, peer }: ForwardingEntry): string {
  return `${mac} ${peer}`;
}

/**
 * One entry for every task on another node and for every other node's own address, so that a frame goes to the one node it is for
 * and nothing has to be learned; broadcasts go to every other node that takes part.
 */
export function planOverlay(overlay: OverlayState, nodeId: string, underlay: string): OverlayPlan {
  const entries = new Map<string, ForwardingEntry>();
  const add = (mac: string, peer: string) => {
    // A node that has not registered yet has no address.
    if (peer !== '' && peer !== underlay) entries.set(entryKey({ mac, peer }), { mac, peer });
  };
  for (const peer of overlay.peers) {
    if (peer.nodeId === nodeId) continue;
    add(BROADCAST, peer.address);
    if (peer.overlayAddress !== '') add(macOf(peer.overlayAddress), peer.address);
  }
  for (const endpoint of overlay.endpoints) {
    if (endpoint.nodeId !== nodeId) add(macOf(endpoint.address), endpoint.nodeAddress);
  }
  return {
    bridge: bridgeName(overlay.id),
    tunnel: tunnelName(overlay.id),
    vni: overlay.vni,
    underlay,
    bridgeMac: macOf(overlay.nodeAddress),
    vips: new Set(
      overlay.services.flatMap(({ vip, backends }) => (vip !== undefined && backends.length > 0 ? [vip] : [])),
    ),
    entries,
  };
}
