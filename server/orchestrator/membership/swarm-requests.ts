import { DEFAULT_ADDRESS_POOL, DEFAULT_SUBNET_SIZE } from '../allocator/subnet-pool.ts';
import { initialClusterSpec } from '../api/cluster/cluster-spec.ts';
import { ControlError } from '../api/control-error.ts';
import { parseAvailability } from '../api/nodes/nodes-control.ts';
import { decode } from '../api/request/go-json.ts';
import { initRequest, joinRequest } from '../api/request/swarm-spec.ts';
import type { Availability, ClusterSpec } from '../model/specs.ts';
import {
  advertisedAddress,
  checkAddressPools,
  checkDataPathAddress,
  checkDataPathPort,
  checkListenAddress,
  completeAddress,
} from './addresses.ts';
import type { Machine } from './membership.ts';

/** What a swarm is to be made with, and what its first node. */
export interface InitOptions {
  spec: ClusterSpec;
  address: string;
  availability: Availability;
  defaultAddressPool: readonly string[];
  subnetSize: number;
  dataPathPort: number;
}

/** Whether the body of POST /swarm/init asks to go on alone with what is left of a swarm. */
export function isForceNewCluster(body: unknown): boolean {
  return decode(initRequest, body).ForceNewCluster ?? false;
}

/** Reads the body of POST /swarm/init; throws what Docker answers to one that cannot be met. */
export function readInit(machine: Machine, body: unknown): InitOptions {
  const request = decode(initRequest, body);
  completeAddress('ListenAddr', request.ListenAddr ?? '');
  const spec = initialClusterSpec(request.Spec ?? {}, request.AutoLockManagers ?? false);
  checkListenAddress(machine, request.ListenAddr ?? '');
  const address = advertisedAddress(machine, request.AdvertiseAddr ?? '');
  checkDataPathAddress(request.DataPathAddr ?? '');
  const { DefaultAddrPool: pool, SubnetSize: size = 0, DataPathPort: dataPathPort = 0 } = request;
  checkAddressPools(pool ?? [], size);
  // No list at all means the usual pool and size, and is shown so; an empty one means them too, and both are shown as they were given.
  const defaultAddressPool = pool ?? DEFAULT_ADDRESS_POOL;
  const subnetSize = pool === undefined ? DEFAULT_SUBNET_SIZE : size;
  checkDataPathPort(dataPathPort);
  return {
    ...{ spec, address, defaultAddressPool, subnetSize, dataPathPort },
    availability: availabilityOf(request.Availability),
  };
}

/** How a machine wants to join. */
export interface JoinOptions {
  /** `host:port` of a manager. */
  remote: string;
  token: string;
  address: string;
  availability: Availability;
}

/** Reads the body of POST /swarm/join; throws what Docker answers to one that cannot be met. */
export function readJoin(machine: Machine, body: unknown): JoinOptions {
  const request = decode(joinRequest, body);
  completeAddress('ListenAddr', request.ListenAddr ?? '');
  const [remote] = (request.RemoteAddrs ?? []).map((text) => completeAddress('remoteAddr', text));
  if (remote === undefined) throw new ControlError(400, 'at least 1 RemoteAddr is required to join');
  checkListenAddress(machine, request.ListenAddr ?? '');
  return {
    ...{ remote, token: request.JoinToken ?? '' },
    address: advertisedAddress(machine, request.AdvertiseAddr ?? ''),
    availability: availabilityOf(request.Availability),
  };
}

function availabilityOf(text: string | undefined): Availability {
  if (text === undefined || text === '') return 'active';
  try {
    return parseAvailability(text);
  } catch (error) {
    throw error instanceof ControlError ? new ControlError(500, error.message) : error;
  }
}
