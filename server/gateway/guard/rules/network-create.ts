import type { z } from 'zod';
import type { networkCreateRequest } from '../../../orchestrator/api/request/network-create.ts';
import { notAllowed } from '../refusal.ts';
import { checkLabels } from './labels.ts';

/** Options with which a network is tuned, by driver, and none that names a device of the node. */
const OPTIONS: Record<string, ReadonlySet<string>> = {
  bridge: new Set([
    'com.docker.network.bridge.enable_icc',
    'com.docker.network.bridge.enable_ip_masquerade',
    'com.docker.network.bridge.host_binding_ipv4',
    'com.docker.network.container_iface_prefix',
    'com.docker.network.driver.mtu',
  ]),
  overlay: new Set(['com.docker.network.driver.mtu', 'com.docker.network.driver.overlay.vxlanid_list', 'encrypted']),
  // The engine has one network of each and refuses a second one by itself.
  host: new Set(),
  null: new Set(),
};

/** Refuses networks on devices of the node: macvlan, ipvlan, drivers that are not there, options that name a bridge. */
export function checkNetworkCreate(request: NonNullable<z.infer<typeof networkCreateRequest>>): void {
  checkLabels(request.Labels);
  const driver = request.Driver === undefined || request.Driver === '' ? 'bridge' : request.Driver;
  const options = OPTIONS[driver];
  if (options === undefined) {
    throw notAllowed(`the network driver ${driver}`, 'bridge and overlay are there');
  }
  for (const option of Object.keys(request.Options ?? {})) {
    if (!options.has(option)) {
      throw notAllowed(`the network option ${option}`, 'it reaches for a device of the node; leave it out');
    }
  }
  const ipam = request.IPAM?.Driver ?? '';
  if (!['', 'default', 'null'].includes(ipam)) throw notAllowed(`the IPAM driver ${ipam}`, '"default" is there');
}
