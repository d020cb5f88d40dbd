import { ControlError } from '../../orchestrator/api/control-error.ts';
import { decode } from '../../orchestrator/api/request/go-json.ts';
import { networkCreateRequest } from '../../orchestrator/api/request/network-create.ts';
import type { JsonAnswer, JsonApi } from './json-api.ts';
import type { KnownNetwork, NetworkDirectory } from './network-directory.ts';

const NOT_IN_SWARM =
  'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.';
const NOT_ON_WORKER =
  'Cannot create a multi-host network from a worker node. Please create the network from a manager node.';

export interface CreateOptions {
  engine: JsonApi;
  swarm: JsonApi;
  directory: NetworkDirectory;
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

async function createInSwarm({ swarm, directory }: CreateOptions, body: unknown, driver: string): Promise<JsonAnswer> {
  const taken = (await directory.local()).filter(isOwn).map(({ name }) => ['taken', name]);
  const answer = await swarm({ method: 'POST', path: `/networks/create?${new URLSearchParams(taken)}`, body });
  if (answer.status !== 503) return answer;
  // What a worker is told depends on the driver, and never is the usual text.
  throw new ControlError(403, driver === 'overlay' ? NOT_IN_SWARM : NOT_ON_WORKER);
}

function isOwn({ kind }: KnownNetwork): boolean {
  return kind === 'engine';
}
