import { EngineError } from '../../engine.ts';
import type { SimulatedNetwork } from '../networks.ts';
import { describeNetwork, type SimulatedEngine } from '../simulated-engine.ts';
import type { Route } from './route.ts';

/** `/networks`: the node's own ones; the gateway adds the swarm's. */
export function networkRoutes(engine: SimulatedEngine): Route[] {
  return [
    {
      method: 'GET',
      pattern: '/networks',
      answer: async (request) => {
        const filters = request.filters();
        const passes = (network: ReturnType<typeof engine.networks.get>) =>
          (filters.name ?? []).every((part) => network.name.includes(part)) &&
          (filters.id ?? []).every((part) => network.id.startsWith(part)) &&
          (filters.driver ?? [network.driver]).includes(network.driver) &&
          (filters.scope ?? ['local']).includes('local') &&
          (filters.label ?? []).every((label) => hasLabel(network, label)) &&
          (filters.type ?? []).every(
            (type) => (type === 'builtin') === ['bridge', 'host', 'none'].includes(network.name),
          );
        const networks = engine.networks.list().filter(passes);
        request.send(
          200,
          networks.map((network) => ({ ...describeNetwork(network), Containers: {} })),
        );
      },
    },
    {
      method: 'POST',
      pattern: '/networks/create',
      answer: async (request) => {
        const body = (await request.json()) ?? {};
        const name = String(body.Name ?? '');
        if (name.trim() === '') throw new EngineError(400, `invalid name: ${name}`);
        if (engine.networks.list().some((network) => network.name === name))
          throw new EngineError(409, `network with name ${name} already exists`);
        if (
          body.Driver !== undefined &&
          body.Driver !== '' &&
          !['bridge', 'ipvlan', 'macvlan', 'null', 'host'].includes(String(body.Driver))
        ) {
          throw new EngineError(404, `plugin ${JSON.stringify(body.Driver)} not found`);
        }
        request.send(201, { Id: (await engine.createNetwork(body)).Id, Warning: '' });
      },
    },
    {
      method: 'POST',
      pattern: '/networks/prune',
      answer: async (request) => {
        const filters = request.filters();
        const unused = engine.networks
          .list()
          .filter(
            (network) =>
              network.members.size === 0 &&
              !['bridge', 'host', 'none'].includes(network.name) &&
              (filters.label ?? []).every((label) => hasLabel(network, label)) &&
              !(filters['label!'] ?? []).some((label) => hasLabel(network, label)),
          );
        for (const { id } of unused) await engine.removeNetwork(id);
        request.send(200, { NetworksDeleted: unused.map(({ name }) => name) });
      },
    },
    {
      method: 'GET',
      pattern: '/networks/{id}',
      answer: async (request) => request.send(200, await engine.inspectNetwork(request.param('id'))),
    },
    {
      method: 'DELETE',
      pattern: '/networks/{id}',
      answer: async (request) => {
        await engine.removeNetwork(request.param('id'));
        request.send(204);
      },
    },
    {
      method: 'POST',
      pattern: '/networks/{id}/connect',
      answer: async (request) => {
        await engine.connectNetwork(request.param('id'), await request.json());
        request.send(200);
      },
    },
    {
      method: 'POST',
      pattern: '/networks/{id}/disconnect',
      answer: async (request) => {
        await engine.disconnectNetwork(request.param('id'), await request.json());
        request.send(200);
      },
    },
  ];
}

/** `key`, or `key=value`. */
function hasLabel({ labels }: SimulatedNetwork, label: string): boolean {
  const [key = '', value] = label.split(/=(.*)/s);
  return key in labels && (value === undefined || labels[key] === value);
}
