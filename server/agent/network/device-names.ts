/** Device names have at most 15 characters (IFNAMSIZ); an ID's first twelve tell overlays apart as `docker network ls` does. */
const ID_LENGTH = 12;

const BRIDGE_PREFIX = 'sl-';
const TUNNEL_PREFIX = 'sx-';

/** The bridge that the engine makes for an overlay: its containers and the node's own address are on it. */
export function bridgeName(overlayId: string): string {
  return BRIDGE_PREFIX + overlayId.slice(0, ID_LENGTH);
}

/** The VXLAN device on that bridge, which leads to the other nodes. */
export function tunnelName(overlayId: string): string {
  return TUNNEL_PREFIX + overlayId.slice(0, ID_LENGTH);
}

/** Whether a device is one of the tunnels. */
export function isTunnel(device: string): boolean {
  return device.startsWith(TUNNEL_PREFIX);
}
