/** What a docker command asks the engine: enough to recognise it among other requests. */
export interface RequestPattern {
  method: string;
  /** Path segments; `*` is any one, `of` the thing that the command is about (its name or ID). */
  path: string;
  /** Query parameters that must be there; `*` is any value. */
  query?: Readonly<Record<string, string>>;
  /** A filter that must be there and name what the command is about. */
  filter?: string;
}

/** The docker commands that a check can ask for by name, as client 26.1 sends them. */
export const DOCKER_COMMANDS: Readonly<Record<string, readonly RequestPattern[]>> = {
  'service create': [{ method: 'POST', path: '/services/create' }],
  'service ls': [{ method: 'GET', path: '/services', query: { status: 'true' } }],
  'service ps': [{ method: 'GET', path: '/tasks', filter: 'service' }],
  'service inspect': [{ method: 'GET', path: '/services/of', query: { insertDefaults: 'true' } }],
  'service logs': [
    { method: 'GET', path: '/services/of/logs' },
    { method: 'GET', path: '/tasks/*/logs' },
  ],
  'service update': [{ method: 'POST', path: '/services/of/update' }],
  'service rollback': [{ method: 'POST', path: '/services/of/update', query: { rollback: 'previous' } }],
  'service rm': [{ method: 'DELETE', path: '/services/of' }],
  'node ls': [{ method: 'GET', path: '/nodes' }],
  'node inspect': [{ method: 'GET', path: '/nodes/*' }],
  'node ps': [{ method: 'GET', path: '/tasks', filter: 'node' }],
  'node update': [{ method: 'POST', path: '/nodes/*/update' }],
  'node rm': [{ method: 'DELETE', path: '/nodes/*' }],
  'network ls': [{ method: 'GET', path: '/networks' }],
  'network inspect': [{ method: 'GET', path: '/networks/of' }],
  'network create': [{ method: 'POST', path: '/networks/create' }],
  'network rm': [{ method: 'DELETE', path: '/networks/of' }],
  'secret ls': [{ method: 'GET', path: '/secrets' }],
  'secret inspect': [{ method: 'GET', path: '/secrets/of' }],
  'secret rm': [{ method: 'DELETE', path: '/secrets/of' }],
  'config ls': [{ method: 'GET', path: '/configs' }],
  'config inspect': [{ method: 'GET', path: '/configs/of' }],
  'config rm': [{ method: 'DELETE', path: '/configs/of' }],
  'swarm join-token': [{ method: 'GET', path: '/swarm' }],
  'swarm update': [{ method: 'POST', path: '/swarm/update' }],
  'swarm unlock-key': [{ method: 'GET', path: '/swarm/unlockkey' }],
  'swarm leave': [{ method: 'POST', path: '/swarm/leave' }],
  'swarm join': [{ method: 'POST', path: '/swarm/join' }],
  ps: [{ method: 'GET', path: '/containers/json' }],
  info: [{ method: 'GET', path: '/info' }],
  events: [{ method: 'GET', path: '/events' }],
  'system df': [{ method: 'GET', path: '/system/df' }],
};
