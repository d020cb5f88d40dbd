import type { Network } from '../../model/objects.ts';
import type { ApiObject } from '../control-api.ts';
import { storedView } from './stored-view.ts';
import { goTime } from './time.ts';

const VNI_OPTION = 'com.docker.network.driver.overlay.vxlanid_list';

/** A network of the swarm as GET /networks gives it, without anything that only a node can know. */
export function networkView(network: Network): ApiObject {
  const { Spec: spec, allocation } = network;
  return {
    Name: spec.Name,
    Id: network.ID,
    Created: goTime(network.CreatedAt),
    Scope: 'swarm',
    Driver: isWaiting(network) ? '' : spec.Driver,
    EnableIPv6: spec.EnableIPv6 ?? false,
    IPAM: {
      Driver: allocation === undefined ? '' : 'default',
      Options: ipamOptions(network),
      Config: isWaiting(network) ? null : ipamConfigs(network),
    },
    Internal: spec.Internal,
    Attachable: spec.Attachable,
    Ingress: spec.Ingress,
    ConfigFrom: { Network: spec.ConfigFrom ?? '' },
    ConfigOnly: false,
    Containers: null,
    Options: allocation === undefined ? null : driverOptions(network),
    Labels: Object.keys(spec.Labels).length === 0 ? null : spec.Labels,
  };
}

/** To options of its own a network gets one that has its addresses handed out in turn. */
function ipamOptions({ allocation, Spec: { IPAM } }: Network): Record<string, string> | null {
  if (!IPAM?.Options) return null;
  if (allocation === undefined || Object.keys(IPAM.Options).length === 0) return IPAM.Options;
  return { ...IPAM.Options, 'com.docker.network.ipam.serial': 'true' };
}

/** The same as a task's attachment shows it. */
function taskIpamConfigs(network: Network): ApiObject[] {
  return ipamConfigs(network).map(({ Subnet, IPRange, Gateway }) => ({
    Subnet,
    ...(IPRange === undefined ? {} : { Range: IPRange }),
    Gateway,
  }));
}

/** Whether the network could not be given what it needs; Docker then shows next to nothing of it. */
function isWaiting(network: Network): boolean {
  return network.allocation === undefined && network.Spec.Driver === 'overlay';
}

function ipamConfigs(network: Network): ApiObject[] {
  const { allocation, Spec: spec } = network;
  if (allocation === undefined) return [];
  return [allocation, ...(allocation.more ?? [])].map(({ subnet, gateway }, index) => {
    const range = spec.IPAM?.Config?.[index]?.IPRange;
    return { Subnet: subnet, ...(range ? { IPRange: range } : {}), Gateway: gateway };
  });
}

function driverOptions(network: Network): Record<string, string> {
  const options = { ...network.Spec.Options };
  if (network.allocation !== undefined) options[VNI_OPTION] = String(network.allocation.vni);
  return Object.fromEntries(Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A network as a task's attachment shows it, which is another shape than everywhere else. */
export function networkOfTaskView(network: Network): ApiObject {
  const { Spec: spec, allocation } = network;
  const options = driverOptions(network);
  return {
    ...storedView(network),
    Spec: {
      Name: spec.Name,
      Labels: spec.Labels,
      DriverConfiguration: spec.isFounding
        ? {}
        : {
            Name: spec.Driver,
            ...(spec.Options && Object.keys(spec.Options).length > 0 ? { Options: spec.Options } : {}),
          },
      ...(spec.EnableIPv6 ? { IPv6Enabled: true } : {}),
      ...(spec.Internal ? { Internal: true } : {}),
      ...(spec.Attachable ? { Attachable: true } : {}),
      ...(spec.Ingress ? { Ingress: true } : {}),
      ...(ipamOfSpec(network) === undefined ? {} : { IPAMOptions: ipamOfSpec(network) }),
      Scope: 'swarm',
    },
    DriverState: { Name: spec.Driver, ...(Object.keys(options).length > 0 ? { Options: options } : {}) },
    IPAMOptions: {
      Driver: allocation === undefined ? {} : { Name: 'default' },
      ...(allocation === undefined ? {} : { Configs: taskIpamConfigs(network) }),
    },
  };
}

function ipamOfSpec(network: Network): ApiObject | undefined {
  const { Spec: spec } = network;
  if (spec.isFounding) return { Driver: {} };
  if (spec.IPAM === undefined) return undefined;
  const { Driver, Config = [] } = spec.IPAM;
  return {
    Driver: Driver ? { Name: Driver } : {},
    ...(Config.length > 0 ? { Configs: taskIpamConfigs(network) } : {}),
  };
}
