import { ControlError } from '../../orchestrator/api/control-error.ts';
import { decode } from '../../orchestrator/api/request/go-json.ts';
import { networkCreateRequest } from '../../orchestrator/api/request/network-create.ts';
import type { JsonAnswer, JsonApi } from './json-api.ts';
import type { KnownNetwork, NetworkDirectory } from './network-directory.ts';

const NOT_IN_SWARM =
  'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.';
const NOT_ON_WORKER =
  'Cannot create a multi-host network from a worker node. Please create the network from a manager node.';

const NO_SWARM = 'cannot create a swarm scoped network when swarm is not active';

export interface CreateOptions {
  engine: JsonApi;
  swarm: JsonApi;
  directory: NetworkDirectory;
  inSwarm: boolean;
}

/** POST /networks/create: an overlay is the manager's, everything else the engine's. No two may have one name. */
export async function createNetwork(parts: CreateOptions, body: unknown): Promise<JsonAnswer> {
  const { Name = '', Driver = '', Scope = '' } = decode(networkCreateRequest, body);
  if (Driver === 'overlay' || Scope === 'swarm') return createInSwarm(parts, body, Driver);
  const known = await parts.directory.all();
  if (Name !== '' && known.some(({ kind, name }) => kind !== 'engine' && name === Name)) {
    throw new ControlError(409, `network with name ${Name} already exists`);
  }
  return parts.engine({ method: 'POST', path: '/networks/create', body });
}

async function createInSwarm(
  { swarm, directory, inSwarm }: CreateOptions,
  body: unknown,
  driver: string,
): Promise<JsonAnswer> {
  const taken = (await directory.local()).filter(isOwn).map(({ name }) => ['taken', name]);
  const answer = await swarm({ method: 'POST', path: `/networks/create?${new URLSearchParams(taken)}`, body });
  if (answer.status !== 503) return answer;
  // What is told depends on the driver and on whether this is a worker, and on workers never is the usual text.
  if (driver === 'overlay') throw new ControlError(403, NOT_IN_SWARM);
  throw new ControlError(403, inSwarm ? NOT_ON_WORKER : NO_SWARM);
}

function isOwn({ kind }: KnownNetwork): boolean {
  return kind === 'engine';
}
