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

/** Drivers that every engine has and that reach for a device of the node. */
const REFUSED = new Set(['macvlan', 'ipvlan']);

/** The mark of the swarm's own networks, which a manager refuses by itself in the words that the student is to learn. */
const PREDEFINED = 'com.docker.swarm.predefined';

/**
 * Refuses networks on devices of the node: macvlan, ipvlan, options that name a bridge. Plugins cannot be installed, so that any other
 * driver is nobody's, and whoever is asked says so.
 */
export function checkNetworkCreate(request: NonNullable<z.infer<typeof networkCreateRequest>>): void {
  const isOfSwarm = request.Driver === 'overlay' || request.Scope === 'swarm';
  const { [PREDEFINED]: predefined, ...labels } = request.Labels ?? {};
  checkLabels(isOfSwarm || predefined === undefined ? labels : request.Labels);
  const driver = request.Driver === undefined || request.Driver === '' ? 'bridge' : request.Driver;
  if (REFUSED.has(driver)) throw notAllowed(`the network driver ${driver}`, 'bridge and overlay are there');
  const options = Object.hasOwn(OPTIONS, driver) ? OPTIONS[driver] : undefined;
  for (const option of Object.keys(request.Options ?? {})) {
    if (!options?.has(option)) {
      throw notAllowed(`the network option ${option}`, 'it reaches for a device of the node; leave it out');
    }
  }
}
